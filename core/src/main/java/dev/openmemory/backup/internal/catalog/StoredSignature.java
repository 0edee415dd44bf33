package dev.openmemory.backup.internal.catalog;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.BackupName;
import dev.openmemory.backup.Manifest;
import dev.openmemory.backup.internal.file.SmallContent;
import dev.openmemory.backup.spi.BackupTarget;
import java.io.IOException;
import java.util.Optional;

/** The signature of a manifest in a target, whether it is a good one or not. */
public final class StoredSignature {
  /** No signature is longer. */
  public static final int MOST_BYTES = 64 * 1024;

  private StoredSignature() {}

  /** Reads it; empty when the backup has none. */
  public static Optional<byte[]> read(BackupTarget target, BackupName name) throws IOException {
    try {
      return Optional.of(
          SmallContent.read(target, name.file(Manifest.SIGNATURE_FILE_NAME), MOST_BYTES));
    } catch (BackupException e) {
      if (e.kind() != Kind.NOT_FOUND) {
        throw e;
      }
      return Optional.empty();
    }
  }
}
