package dev.openmemory.backup.internal.file;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Objects;
import java.util.regex.Pattern;

/** Small files that are either as before or as written, also after a loss of power. */
public final class DurableFile {
  private static final String TEMPORARY = ".tmp";

  private DurableFile() {}

  /**
   * Writes or replaces the file in one step, readable for its owner only; creates its folder
   * likewise.
   */
  public static void write(Path file, byte[] bytes) throws IOException {
    place(file, bytes, temporary -> Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE));
  }

  /**
   * As {@link #write}, where there is no such file.
   *
   * @throws FileAlreadyExistsException when there is one
   */
  public static void create(Path file, byte[] bytes) throws IOException {
    place(file, bytes, temporary -> link(temporary, file));
  }

  /** A move would replace what another process has just made. */
  private static void link(Path temporary, Path file) throws IOException {
    try {
      Files.createLink(file, temporary);
      Files.delete(temporary);
    } catch (FileAlreadyExistsException e) {
      throw e;
    } catch (UnsupportedOperationException | IOException e) {
      // A file system without hard links, such as exFAT.
      if (Disk.exists(file)) {
        throw new FileAlreadyExistsException(file.toString());
      }
      Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    }
  }

  private interface Placing {
    void place(Path temporary) throws IOException;
  }

  private static void place(Path file, byte[] bytes, Placing placing) throws IOException {
    Path folder = Objects.requireNonNull(file.getParent());
    if (!Files.isDirectory(folder)) {
      Disk.createPrivateDirectory(folder);
      Disk.force(Objects.requireNonNull(folder.getParent()));
    }
    Path temporary = Files.createTempFile(folder, prefix(file), TEMPORARY);
    Closeable removal = () -> Files.deleteIfExists(temporary);
    try (removal) {
      Files.write(temporary, bytes);
      Disk.force(temporary);
      placing.place(temporary);
      Disk.force(folder);
    }
  }

  private static String prefix(Path file) {
    return "." + file.getFileName();
  }

  /** Deletes what killed processes have left that were writing the file; no other may write it. */
  public static void sweep(Path file) throws IOException {
    Path folder = Objects.requireNonNull(file.getParent());
    Pattern left =
        Pattern.compile(Pattern.quote(prefix(file)) + "[0-9]+" + Pattern.quote(TEMPORARY));
    for (Path each : Disk.entries(folder)) {
      if (left.matcher(String.valueOf(each.getFileName())).matches()) {
        Files.deleteIfExists(each);
      }
    }
  }

  /** Deletes the file, durably; it may be missing. */
  public static void delete(Path file) throws IOException {
    if (Files.deleteIfExists(file)) {
      Disk.force(Objects.requireNonNull(file.getParent()));
    }
  }
}
