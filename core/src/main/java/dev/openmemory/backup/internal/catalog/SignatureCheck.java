package dev.openmemory.backup.internal.catalog;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.BackupName;
import dev.openmemory.backup.Manifest;
import dev.openmemory.backup.ObjectName;
import dev.openmemory.backup.internal.file.SmallContent;
import dev.openmemory.backup.signature.AllowedSigners;
import dev.openmemory.backup.spi.BackupTarget;
import java.io.IOException;
import java.util.Optional;

/**
 * Whether a manifest is signed, where that is required. The manifest has the digests of all other
 * files.
 */
record SignatureCheck(BackupTarget target, Optional<AllowedSigners> signers) {
  private static final int MOST_BYTES = 64 * 1024;

  /**
   * Refuses a manifest that none of the signers has signed.
   *
   * @throws BackupException of kind {@code CORRUPT}
   */
  void require(BackupName name, byte[] text, Manifest manifest) throws IOException {
    if (signers.isEmpty()) {
      return;
    }
    ObjectName object = name.file(Manifest.SIGNATURE_FILE_NAME);
    String place = target.location() + "/" + object;
    byte[] signature;
    try {
      signature = SmallContent.read(target, object, MOST_BYTES);
    } catch (BackupException e) {
      if (e.kind() != Kind.NOT_FOUND) {
        throw e;
      }
      throw Kind.CORRUPT.failure("check signature", place, "the backup is not signed", e);
    }
    signers.get().require(text, signature, place);
    if (!manifest.name().equals(name.value())) {
      // A store could show an old backup, with its signature, in the place of another.
      throw Kind.CORRUPT.failure(
          "check signature", place, "what was signed is the backup " + manifest.name());
    }
  }

  /** What is wrong with a backup that has no manifest. */
  Optional<String> withoutManifest() {
    return signers.map(required -> "the backup has no manifest, so it is not signed");
  }
}
