package dev.openmemory.backup.age;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.spi.encryption.Decryptor;
import dev.openmemory.backup.spi.encryption.Encryptor;
import dev.openmemory.backup.spi.encryption.KeyFile;
import dev.openmemory.backup.spi.encryption.PassphraseQuestion;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Random;

/** Keys and encrypted bytes for tests. */
final class AgeFiles {
  static final AgeEncryptionScheme AGE = new AgeEncryptionScheme(10);

  private AgeFiles() {}

  static KeyFile newKey() {
    return new KeyFile("a.key", AGE.newKeyFile(Instant.parse("2026-11-22T10:15:30.5Z")));
  }

  static String recipient(KeyFile key) throws BackupException {
    return AGE.recipients(key, PassphraseQuestion.NONE).get(0);
  }

  static Encryptor to(KeyFile key) throws BackupException {
    return AGE.encryptor(List.of(recipient(key)));
  }

  static Decryptor by(KeyFile... keys) throws BackupException {
    return AGE.decryptor(List.of(keys), PassphraseQuestion.NONE);
  }

  static byte[] encrypted(Encryptor encryptor, byte[] plain) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    encryptor.encrypt(to -> to.write(plain), out);
    return out.toByteArray();
  }

  static byte[] decrypted(Decryptor decryptor, byte[] encrypted) throws IOException {
    try (InputStream in = decryptor.decrypt(new ByteArrayInputStream(encrypted), "a file")) {
      return in.readAllBytes();
    }
  }

  static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  static byte[] bytes(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }
}
