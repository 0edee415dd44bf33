package dev.openmemory.backup.spi.encryption;

import dev.openmemory.backup.spi.Content;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/** Encrypts to the recipients, or to the passphrase, that it was made for. */
public interface Encryptor {
  /** The {@linkplain EncryptionScheme#name name} of its scheme. */
  String scheme();

  /** The public keys; empty when it encrypts to a passphrase. */
  List<String> recipients();

  /**
   * Writes the encrypted bytes; neither flushes nor closes the stream. They are whole only when
   * this method returns.
   *
   * @throws IOException of the content or of the stream, unchanged
   */
  void encrypt(Content plain, OutputStream encrypted) throws IOException;
}
