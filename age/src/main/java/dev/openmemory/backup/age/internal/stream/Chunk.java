package dev.openmemory.backup.age.internal.stream;

import dev.openmemory.backup.internal.parallel.DaemonThreads;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.concurrent.CompletableFuture;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.IvParameterSpec;

/**
 * At most 64 KiB of a file, plain and encrypted. Another thread encrypts or decrypts; the methods
 * that need the result wait for it. A chunk is used again and again.
 */
final class Chunk {
  static final int TAG_BYTES = 16;

  /**
   * How many of a file are worked on at a time: more than there are processors, because compressed
   * bytes come in bursts.
   */
  static final int AT_A_TIME = 4 * Math.min(8, Runtime.getRuntime().availableProcessors());

  private static final int PLAIN_BYTES = 64 * 1024;
  private static final int NONCE_BYTES = 12;
  private static final int COUNTER_AT = 3;
  private static final int NOT_AUTHENTIC = -1;

  private static final DaemonThreads THREADS = new DaemonThreads("openmemory-backup-age");

  private final SecretKey key;
  private final Cipher cipher;
  private final byte[] plain = new byte[PLAIN_BYTES];
  private final byte[] encrypted = new byte[PLAIN_BYTES + TAG_BYTES];
  private int plainLength;
  private int encryptedLength;
  private int given;
  private boolean last;

  /** Hands the fields over to the other thread and back. */
  private CompletableFuture<?> done = CompletableFuture.completedFuture(null);

  Chunk(SecretKey key) {
    this.key = key;
    try {
      this.cipher = Cipher.getInstance("ChaCha20-Poly1305");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK has no ChaCha20-Poly1305", e);
    }
  }

  /** Takes as many plain bytes as there is room for. */
  int fill(byte[] bytes, int offset, int count) {
    int taken = Math.min(count, PLAIN_BYTES - plainLength);
    System.arraycopy(bytes, offset, plain, plainLength, taken);
    plainLength += taken;
    return taken;
  }

  boolean isFull() {
    return plainLength == PLAIN_BYTES;
  }

  /** Starts to encrypt. */
  void encrypt(long number, boolean isLast) {
    last = isLast;
    start(
        isLast,
        () -> encryptedLength = run(Cipher.ENCRYPT_MODE, number, plain, plainLength, encrypted));
  }

  boolean isDone() {
    return done.isDone();
  }

  /** Writes the encrypted bytes; afterwards the chunk is empty. */
  void writeTo(OutputStream out) throws IOException {
    await();
    out.write(encrypted, 0, encryptedLength);
    plainLength = 0;
  }

  /** Reads as many encrypted bytes as there are, but no more than those of a chunk. */
  void readFrom(InputStream in) throws IOException {
    encryptedLength = in.readNBytes(encrypted, 0, encrypted.length);
  }

  /** The number of encrypted bytes that were read. */
  int size() {
    return encryptedLength;
  }

  /** Whether there were fewer bytes than a chunk has that is followed by another one. */
  boolean isShort() {
    return encryptedLength < encrypted.length;
  }

  /** Starts to decrypt. */
  void decrypt(long number) {
    given = 0;
    start(isShort(), () -> plainLength = opened(number));
  }

  boolean isAuthentic() {
    await();
    return plainLength != NOT_AUTHENTIC;
  }

  /** Whether it is marked as the last chunk of its file. */
  boolean isLast() {
    await();
    return last;
  }

  /** The plain bytes that were not given out yet. */
  int remaining() {
    await();
    return plainLength - given;
  }

  /** Gives out plain bytes that were authenticated. */
  int give(byte[] bytes, int offset, int length) {
    int count = Math.min(length, remaining());
    System.arraycopy(plain, given, bytes, offset, count);
    given += count;
    return count;
  }

  private int opened(long number) throws GeneralSecurityException {
    last = isShort();
    int length = authenticated(number);
    if (length == NOT_AUTHENTIC && !last) {
      // A last chunk may be full.
      last = true;
      length = authenticated(number);
    }
    return length;
  }

  private int authenticated(long number) throws GeneralSecurityException {
    try {
      return run(Cipher.DECRYPT_MODE, number, encrypted, encryptedLength, plain);
    } catch (AEADBadTagException e) {
      return NOT_AUTHENTIC;
    }
  }

  private int run(int mode, long number, byte[] from, int length, byte[] to)
      throws GeneralSecurityException {
    byte[] nonce =
        ByteBuffer.allocate(NONCE_BYTES)
            .putLong(COUNTER_AT, number)
            .put(NONCE_BYTES - 1, (byte) (last ? 1 : 0))
            .array();
    cipher.init(mode, key, new IvParameterSpec(nonce));
    return cipher.doFinal(from, 0, length, to, 0);
  }

  private interface Work {
    void run() throws GeneralSecurityException;
  }

  /** The end of a file is awaited at once, so that it needs no other thread. */
  private void start(boolean atTheEnd, Work work) {
    done =
        CompletableFuture.runAsync(
            () -> {
              try {
                work.run();
              } catch (GeneralSecurityException e) {
                throw new IllegalStateException("a chunk was refused by the cipher of this JDK", e);
              }
            },
            atTheEnd ? Runnable::run : THREADS);
  }

  /** It takes less than a millisecond, so an interrupt can wait. */
  private void await() {
    done.join();
  }
}
