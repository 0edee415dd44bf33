package dev.openmemory.backup.internal.qdrant;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.Facts;
import dev.openmemory.backup.internal.archive.StoredTar;
import dev.openmemory.backup.internal.archive.TarSummary;
import dev.openmemory.backup.spi.BackupFiles;
import dev.openmemory.backup.spi.RunContext;
import java.io.IOException;
import java.util.Map;

/** The one file of the vectors in a stored backup. */
public final class StorageArchive {
  /** Its plain name. */
  public static final String NAME = "qdrant-storage.tar";

  private StorageArchive() {}

  public static StoredTar in(BackupFiles files) throws BackupException {
    return StoredTar.in(files, NAME);
  }

  /** Reads it to its end; gives the facts of the storage in it. */
  public static Facts inspect(BackupFiles files, RunContext context) throws IOException {
    StorageNames found = new StorageNames();
    TarSummary summary = in(files).inspect(context, found);
    return StorageLayout.facts(found.collections(), summary, Map.of());
  }
}
