package dev.openmemory.backup.examples;

import dev.openmemory.backup.BackupName;
import dev.openmemory.backup.Backups;
import dev.openmemory.backup.archive.ArchiveFormat;
import dev.openmemory.backup.archive.ImportReport;
import dev.openmemory.backup.archive.ImportRequest;
import dev.openmemory.backup.encryption.EncryptionSchemes;
import dev.openmemory.backup.encryption.KeyFiles;
import dev.openmemory.backup.spi.encryption.Decryptor;
import dev.openmemory.backup.spi.encryption.EncryptionScheme;
import dev.openmemory.backup.spi.encryption.Encryptor;
import dev.openmemory.backup.spi.encryption.PassphraseQuestion;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;

/** A whole backup as one encrypted file, which {@code age -d FILE | tar xz} opens too. */
final class EncryptedArchive {
  private EncryptedArchive() {}

  /** Writes it for the owner of the public key. */
  static void write(Backups backups, BackupName name, String recipient, OutputStream file)
      throws IOException {
    EncryptionScheme age = EncryptionSchemes.named("age");
    Encryptor encryptor = age.encryptor(List.of(recipient));
    encryptor.encrypt(out -> backups.exportArchive(name, ArchiveFormat.TAR_GZ, out), file);
  }

  /** Takes it in where the file with the private key is. */
  static ImportReport read(Backups backups, InputStream file, Path key) throws IOException {
    EncryptionScheme age = EncryptionSchemes.named("age");
    Decryptor decryptor = age.decryptor(List.of(KeyFiles.read(key)), PassphraseQuestion.NONE);
    try (InputStream archive = decryptor.decrypt(file, "the archive")) {
      return backups.importArchive(archive, ImportRequest.STANDARD);
    }
  }
}
