package dev.openmemory.backup.age.internal.stream;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.internal.stream.block.BlockInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Objects;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.IvParameterSpec;
import org.jspecify.annotations.Nullable;

/**
 * The plain bytes, chunk by chunk. A chunk is given out when it was authenticated. The end is one
 * only behind the chunk that is marked as the last. After a failure each read fails.
 */
final class ChunkInputStream extends BlockInputStream {
  private static final int TAG_BYTES = 16;
  private static final int PLAIN_BYTES = 64 * 1024;
  private static final int NONCE_BYTES = 12;
  private static final int COUNTER_AT = 3;

  private final InputStream in;
  private final SecretKey key;
  private final Cipher cipher;
  private final String subject;
  private final byte[] encrypted = new byte[PLAIN_BYTES + TAG_BYTES];
  private final byte[] plain = new byte[PLAIN_BYTES];
  private int at;
  private int end;
  private long counter;
  private boolean last;
  private @Nullable IOException failure;

  ChunkInputStream(InputStream in, SecretKey key, String subject) throws GeneralSecurityException {
    this.in = in;
    this.key = key;
    this.cipher = Cipher.getInstance("ChaCha20-Poly1305");
    this.subject = subject;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, bytes.length);
    if (length == 0) {
      return 0;
    }
    if (at == end && !hasNext()) {
      return -1;
    }
    int count = Math.min(length, end - at);
    System.arraycopy(plain, at, bytes, offset, count);
    at += count;
    return count;
  }

  /** Reads the next chunk; false behind the last. */
  private boolean hasNext() throws IOException {
    if (failure != null) {
      throw failure;
    }
    try {
      if (last) {
        requireNothingMore();
        return false;
      }
      nextChunk();
      return end > 0;
    } catch (IOException e) {
      failure = e;
      throw e;
    }
  }

  private void requireNothingMore() throws IOException {
    if (in.read() >= 0) {
      throw damaged("there are bytes behind its end");
    }
  }

  private void nextChunk() throws IOException {
    at = 0;
    end = 0;
    int length = in.readNBytes(encrypted, 0, encrypted.length);
    if (length < TAG_BYTES) {
      throw damaged("it is cut off");
    }
    last = length < encrypted.length;
    int count = open(length);
    if (count < 0 && !last) {
      // A last chunk may be full.
      last = true;
      count = open(length);
    }
    if (count < 0) {
      throw damaged("it is damaged or cut off");
    }
    if (count == 0 && counter > 0) {
      throw damaged("its last part is empty");
    }
    counter++;
    end = count;
    if (count == 0) {
      requireNothingMore();
    }
  }

  /** The number of its plain bytes, or -1 when it is not authentic. */
  private int open(int length) throws IOException {
    byte[] nonce =
        ByteBuffer.allocate(NONCE_BYTES)
            .putLong(COUNTER_AT, counter)
            .put(NONCE_BYTES - 1, (byte) (last ? 1 : 0))
            .array();
    try {
      cipher.init(Cipher.DECRYPT_MODE, key, new IvParameterSpec(nonce));
      return cipher.doFinal(encrypted, 0, length, plain, 0);
    } catch (AEADBadTagException e) {
      return -1;
    } catch (GeneralSecurityException e) {
      throw AgeDecryptor.damaged(subject, "it cannot be decrypted", e);
    }
  }

  private BackupException damaged(String fact) {
    return AgeDecryptor.damaged(subject, fact, null);
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
