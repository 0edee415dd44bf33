package dev.openmemory.backup.source.directory;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.internal.archive.ExtractionLimit;
import dev.openmemory.backup.spi.BackupFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

/** The one file of this component in a stored backup. */
record StorageArchive(BackupFiles files) {
  static final String NAME = "qdrant-storage.tar";

  static StorageArchive in(BackupFiles files) throws BackupException {
    if (!files.names().equals(List.of(NAME))) {
      throw new BackupException(
          Kind.UNSUPPORTED,
          "read backup",
          NAME,
          "the files of the component are " + files.names() + " instead");
    }
    return new StorageArchive(files);
  }

  InputStream open() throws IOException {
    return files.open(NAME);
  }

  /** For a walk that writes nothing. */
  ExtractionLimit limit() {
    OptionalLong size = files.plainSize(NAME);
    return size.isPresent() ? ExtractionLimit.stated(size.getAsLong()) : ExtractionLimit.unstated();
  }

  /** For unpacking into the directory. */
  ExtractionLimit limit(Path directory) throws IOException {
    return files.plainSize(NAME).isPresent() ? limit() : ExtractionLimit.unstated(directory);
  }
}
