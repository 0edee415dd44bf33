package dev.openmemory.backup.age.internal.stream;

import com.exceptionfactory.jagged.framework.crypto.CipherKey;
import com.exceptionfactory.jagged.framework.format.StandardPayloadKeyReader;
import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.age.internal.stanza.KeyFailure;
import dev.openmemory.backup.age.internal.stanza.KeyRing;
import dev.openmemory.backup.spi.encryption.Decryptor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SignatureException;
import java.util.List;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** Decrypts by a key ring; finds out whether the bytes are in armor. */
public record AgeDecryptor(String scheme, KeyRing ring) implements Decryptor {
  @Override
  public InputStream decrypt(InputStream encrypted, String subject) throws IOException {
    InputStream file = Form.unarmored(encrypted, subject);
    ByteBuffer header = Header.read(file);
    try {
      CipherKey key =
          new StandardPayloadKeyReader().getPayloadKey(header, List.of(ring.reader(subject)));
      SecretKey payload = new SecretKeySpec(key.getEncoded(), "ChaCha20");
      return new ChunkInputStream(file, payload, subject);
    } catch (KeyFailure e) {
      throw e.failure();
    } catch (SignatureException e) {
      throw damaged(subject, "its header was changed", e);
    } catch (GeneralSecurityException | IOException | RuntimeException e) {
      throw damaged(subject, "its header is damaged or cut off", e);
    }
  }

  static BackupException damaged(String subject, String fact, @Nullable Exception cause) {
    return Kind.CORRUPT.failure("decrypt", subject, fact, cause);
  }
}
