package dev.openmemory.backup.internal.file;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Objects;

/** Small files that are either as before or as written, also after a loss of power. */
public final class DurableFile {
  private DurableFile() {}

  /**
   * Writes or replaces the file in one step, readable for its owner only; creates its folder
   * likewise.
   */
  public static void write(Path file, byte[] bytes) throws IOException {
    Path folder = Objects.requireNonNull(file.getParent());
    if (!Files.isDirectory(folder)) {
      Disk.createPrivateDirectory(folder);
      Disk.force(Objects.requireNonNull(folder.getParent()));
    }
    Path temporary = Files.createTempFile(folder, "." + file.getFileName(), ".tmp");
    Closeable removal = () -> Files.deleteIfExists(temporary);
    try (removal) {
      Files.write(temporary, bytes);
      Disk.force(temporary);
      Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
      Disk.force(folder);
    }
  }

  /** Deletes the file, durably; it may be missing. */
  public static void delete(Path file) throws IOException {
    if (Files.deleteIfExists(file)) {
      Disk.force(Objects.requireNonNull(file.getParent()));
    }
  }
}
