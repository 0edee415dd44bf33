package dev.openmemory.backup.age.internal.stream;

import com.exceptionfactory.jagged.RecipientStanzaWriter;
import com.exceptionfactory.jagged.framework.crypto.CipherKey;
import com.exceptionfactory.jagged.framework.format.StandardPayloadKeyWriter;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.age.internal.stanza.KeyFailure;
import dev.openmemory.backup.spi.Content;
import dev.openmemory.backup.spi.encryption.Encryptor;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.List;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/**
 * Encrypts to all of the recipients.
 *
 * @param recipients their public keys; empty when it is a passphrase
 */
public record AgeEncryptor(
    String scheme, List<String> recipients, List<RecipientStanzaWriter> writers)
    implements Encryptor {
  /** As many as a reader of jagged takes. */
  private static final int MOST_HEADER_BYTES = 64 * 1024;

  @Override
  public void encrypt(Content plain, OutputStream encrypted) throws IOException {
    ByteBuffer header = ByteBuffer.allocate(MOST_HEADER_BYTES);
    SecretKey key = payloadKey(header);
    encrypted.write(header.array(), 0, header.position());
    ChunkOutputStream chunks = new ChunkOutputStream(encrypted, key);
    plain.writeTo(chunks);
    // Not after a failure: without the last chunk no reader takes the rest for all.
    chunks.finish();
  }

  private SecretKey payloadKey(ByteBuffer header) throws IOException {
    try {
      CipherKey key = new StandardPayloadKeyWriter().writeFileHeader(header, writers);
      return new SecretKeySpec(key.getEncoded(), "ChaCha20");
    } catch (KeyFailure e) {
      throw e.failure();
    } catch (GeneralSecurityException e) {
      throw Kind.FAILED.failure("encrypt", "", "no key could be made for it", e);
    }
  }

  @Override
  public String toString() {
    return scheme + " to " + (recipients.isEmpty() ? "a passphrase" : recipients);
  }
}
