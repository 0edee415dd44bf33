package dev.openmemory.backup.internal.qdrant;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Facts;
import dev.openmemory.backup.internal.archive.ExtractionLimit;
import dev.openmemory.backup.internal.archive.TarInspector;
import dev.openmemory.backup.internal.archive.TarSummary;
import dev.openmemory.backup.spi.BackupFiles;
import dev.openmemory.backup.spi.RunContext;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Consumer;

/** The one file of this component in a stored backup. */
public record StorageArchive(BackupFiles files) {
  /** Its plain name. */
  public static final String NAME = "qdrant-storage.tar";

  /** Finds it. */
  public static StorageArchive in(BackupFiles files) throws BackupException {
    if (!files.names().equals(List.of(NAME))) {
      throw Kind.UNSUPPORTED.failure(
          "read backup", NAME, "the files of the component are " + files.names() + " instead");
    }
    return new StorageArchive(files);
  }

  /** Its plain bytes; see {@link BackupFiles#open}. */
  public InputStream open() throws IOException {
    return files.open(NAME);
  }

  /** For a walk that writes nothing. */
  public ExtractionLimit limit() {
    OptionalLong size = files.plainSize(NAME);
    return size.isPresent() ? ExtractionLimit.stated(size.getAsLong()) : ExtractionLimit.unstated();
  }

  /** For unpacking into the directory. */
  ExtractionLimit limit(Path directory) throws IOException {
    return files.plainSize(NAME).isPresent() ? limit() : ExtractionLimit.unstated(directory);
  }

  /** Reads it to its end; gives the facts of the storage in it. */
  public Facts inspect(RunContext context) throws IOException {
    try (InputStream in = open()) {
      return inspect(in, limit(), context, name -> {});
    }
  }

  /**
   * Reads a tar of a storage to its end.
   *
   * @param names takes the name of each regular file
   */
  public static Facts inspect(
      InputStream in, ExtractionLimit limit, RunContext context, Consumer<String> names)
      throws IOException {
    StorageNames found = new StorageNames();
    TarSummary summary =
        TarInspector.inspect(in, NAME, limit, context.cancellation(), names.andThen(found));
    return StorageLayout.facts(found.collections(), summary, Map.of());
  }
}
