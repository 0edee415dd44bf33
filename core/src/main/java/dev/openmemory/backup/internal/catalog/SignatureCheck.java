package dev.openmemory.backup.internal.catalog;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.BackupName;
import dev.openmemory.backup.Manifest;
import dev.openmemory.backup.signature.AllowedSigners;
import dev.openmemory.backup.spi.BackupTarget;
import java.io.IOException;
import java.util.Optional;

/**
 * Whether a manifest is signed, where that is required. The manifest has the digests of all other
 * files.
 */
record SignatureCheck(BackupTarget target, Optional<AllowedSigners> signers) {
  /**
   * Refuses a manifest that none of the signers has signed.
   *
   * @throws BackupException of kind {@code CORRUPT}
   */
  void require(BackupName name, byte[] text, Manifest manifest) throws IOException {
    if (signers.isEmpty()) {
      return;
    }
    String place = target.location() + "/" + name.file(Manifest.SIGNATURE_FILE_NAME);
    byte[] signature =
        StoredSignature.read(target, name)
            .orElseThrow(
                () -> Kind.CORRUPT.failure("check signature", place, "the backup is not signed"));
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
