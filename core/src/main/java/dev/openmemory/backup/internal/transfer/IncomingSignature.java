package dev.openmemory.backup.internal.transfer;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.BackupName;
import dev.openmemory.backup.Manifest;
import dev.openmemory.backup.archive.ImportReport.Imported;
import dev.openmemory.backup.archive.ImportReport.Outcome;
import dev.openmemory.backup.internal.catalog.StoredSignature;
import dev.openmemory.backup.internal.file.SmallContent;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.spi.WriteOptions;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The signature that an archive has for a backup that is in the target already. */
final class IncomingSignature {
  private final BackupTarget target;
  private final BackupName name;
  private byte @Nullable [] signature;

  IncomingSignature(BackupTarget target, BackupName name) {
    this.target = target;
    this.name = name;
  }

  /** Holds it in memory; returns its length. */
  int take(InputStream content, String archive) throws IOException {
    byte[] bytes = content.readNBytes(StoredSignature.MOST_BYTES + 1);
    if (bytes.length > StoredSignature.MOST_BYTES || signature != null) {
      throw Kind.CORRUPT.failure(
          ArchiveImporter.OPERATION,
          archive,
          "backup " + name + ": its signature is in it twice or too long");
    }
    signature = bytes;
    return bytes.length;
  }

  /**
   * Fails when the target has another one, which stays.
   *
   * @throws BackupException of kind {@code ALREADY_EXISTS}
   */
  void requireNoOther() throws IOException {
    byte[] bytes = signature;
    if (bytes != null
        && StoredSignature.read(target, name).filter(b -> !Arrays.equals(b, bytes)).isPresent()) {
      throw Kind.ALREADY_EXISTS.failure(
          ArchiveImporter.OPERATION,
          target.location() + "/" + name,
          "the same backup is there with another signature");
    }
  }

  /** Stores it if the target has none. */
  Imported add() throws IOException {
    byte[] bytes = signature;
    if (bytes == null || StoredSignature.read(target, name).isPresent()) {
      return new Imported(name, Outcome.SAME, 0, 0);
    }
    target.write(
        name.file(Manifest.SIGNATURE_FILE_NAME), new SmallContent(bytes), WriteOptions.CREATE_ONLY);
    return new Imported(name, Outcome.IMPORTED, 1, bytes.length);
  }
}
