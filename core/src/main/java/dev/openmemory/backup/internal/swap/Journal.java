package dev.openmemory.backup.internal.swap;

import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.internal.file.Disk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * How far a swap has come, as it stands on the disk.
 *
 * @param phase what may be found where; see {@link Phase}
 * @param names the entries that are swapped; null when it is everything in the directory
 * @param setAside how many entries {@code old/} took; null while they are being moved there
 * @param left what a rollback that failed has left; null while none has
 * @param keptBy the restore that had set the swapped entries aside; null when they are in {@code
 *     new/}
 * @param put the files that were put in place, as {@link PutEntries} tells them; null until all are
 */
record Journal(
    Phase phase,
    @Nullable List<String> names,
    @Nullable Integer setAside,
    @Nullable String left,
    @Nullable String keptBy,
    @Nullable List<String> put) {
  /** Each is written, durably, before the first step that it permits. */
  enum Phase {
    /** Of the swapped names, the directory holds only entries from before. */
    MOVING_OUT,
    /** Of the swapped names, the directory holds only restored entries. */
    MOVING_IN,
    /** All restored entries are in place. */
    APPLIED,
    /** There is no way back. */
    COMMITTED
  }

  private static final String FILE = "journal.json";
  private static final JsonMapper JSON = new JsonMapper();

  static Optional<Journal> read(Path area) throws IOException {
    Path file = area.resolve(FILE);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      return Optional.of(JSON.readValue(Files.readAllBytes(file), Journal.class));
    } catch (JacksonException e) {
      throw Kind.CORRUPT.failure(
          "resume restore", file.toString(), "the journal cannot be read", e);
    }
  }

  /** When it was written last, by the clock of the file system. */
  static FileTime written(Path area) throws IOException {
    return Files.getLastModifiedTime(area.resolve(FILE));
  }

  void write(Path area) throws IOException {
    Path temporary = area.resolve(FILE + ".tmp");
    Files.write(temporary, JSON.writeValueAsBytes(this));
    Disk.force(temporary);
    Files.move(temporary, area.resolve(FILE), StandardCopyOption.ATOMIC_MOVE);
    Disk.force(area);
  }

  static void delete(Path area) throws IOException {
    Files.deleteIfExists(area.resolve(FILE + ".tmp"));
    Files.deleteIfExists(area.resolve(FILE));
  }
}
