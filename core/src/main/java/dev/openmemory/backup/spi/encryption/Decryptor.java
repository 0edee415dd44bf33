package dev.openmemory.backup.spi.encryption;

import java.io.IOException;
import java.io.InputStream;

/** Decrypts by the key files that it was made with, or by a passphrase that it asks for. */
public interface Decryptor {
  /** The {@linkplain EncryptionScheme#name name} of its scheme. */
  String scheme();

  /**
   * The plain bytes, which end only when all of them were authenticated. Reads the beginning of the
   * encrypted bytes.
   *
   * @param encrypted is closed with the result; the caller closes it when this method fails
   * @param subject names the encrypted bytes in messages and questions
   * @throws IOException a {@link dev.openmemory.backup.BackupException} of kind {@code NO_KEY},
   *     {@code WRONG_KEY}, {@code UNSUPPORTED} or {@code CORRUPT}; or that of the stream, unchanged
   */
  InputStream decrypt(InputStream encrypted, String subject) throws IOException;
}
