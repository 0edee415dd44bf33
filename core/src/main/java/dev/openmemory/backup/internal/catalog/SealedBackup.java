package dev.openmemory.backup.internal.catalog;

import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.BackupName;
import dev.openmemory.backup.BackupSummary;
import dev.openmemory.backup.BackupSummary.State;
import dev.openmemory.backup.Manifest;
import dev.openmemory.backup.Manifest.Encryption;
import dev.openmemory.backup.Manifest.StoredFile;
import dev.openmemory.backup.ObjectName;
import dev.openmemory.backup.internal.run.Run;
import dev.openmemory.backup.internal.sealed.Details;
import dev.openmemory.backup.spi.encryption.Decryptor;
import dev.openmemory.backup.verify.VerifyReport.Checked;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;
import java.util.OptionalLong;

/** An encrypted backup, with and without a key. */
public final class SealedBackup {
  private SealedBackup() {}

  /** A backup, with its details if it is encrypted. */
  public static BackupSummary find(Run.Settings settings, BackupName name) throws IOException {
    try (Run run = Run.reading(settings)) {
      return StoredBackup.find(run, name).summary();
    }
  }

  /**
   * With its details, if it is encrypted. One without intact details stays as it is. {@code NO_KEY}
   * when the run has no keys, {@code UNSUPPORTED} when they are for another scheme.
   */
  public static StoredBackup opened(StoredBackup backup) throws IOException {
    Optional<Manifest> sealed = backup.summary().manifest().filter(Manifest::isSealed);
    if (sealed.isEmpty() || !mayBeOpened(backup, sealed.get())) {
      return backup;
    }
    String place = backup.location();
    Encryption how = sealed.get().encryption().orElseThrow();
    String scheme = how.scheme();
    Decryptor decryptor =
        backup
            .run()
            .keys()
            .decryptor()
            .orElseThrow(
                () ->
                    Kind.NO_KEY.failure(
                        "open",
                        place,
                        how.recipients().isEmpty()
                            ? "the backup is encrypted, and no passphrase was given"
                            : "the backup is encrypted, and no private key was given"));
    if (!decryptor.scheme().equals(scheme)) {
      throw Kind.UNSUPPORTED.failure(
          "open",
          place,
          "it is encrypted by '" + scheme + "', and the keys are for another scheme");
    }
    try (InputStream stored = backup.stored(Details.in(sealed.get(), place))) {
      Manifest full =
          Details.read(stored, sealed.get(), decryptor, place, BackupCatalog.MAX_MANIFEST_BYTES);
      return new StoredBackup(backup.run(), backup.summary().with(full));
    }
  }

  /** Whether the details are there in their size; of one that is not damaged they are. */
  static boolean mayBeOpened(StoredBackup backup, Manifest sealed) throws IOException {
    if (backup.summary().state() != State.DAMAGED) {
      return true;
    }
    Optional<StoredFile> details =
        sealed.files().stream()
            .filter(file -> file.plainName().equals(Encryption.DETAILS))
            .findFirst();
    if (details.isEmpty()) {
      return false;
    }
    ObjectName object = backup.summary().name().file(details.get().name());
    long size = details.get().stored().size();
    return backup.run().target().stat(object).filter(there -> there.size() == size).isPresent();
  }

  /** Reads the file as it is stored to its end. */
  static Checked compareStored(StoredBackup backup, StoredFile file) throws IOException {
    try (InputStream in = backup.stored(file)) {
      in.transferTo(OutputStream.nullOutputStream());
      return new Checked(file.name(), file.stored().size(), OptionalLong.empty());
    }
  }
}
