package dev.openmemory.backup.storage.sftp;

import dev.openmemory.backup.Manifest.Digest;
import dev.openmemory.backup.spi.Content;
import dev.openmemory.backup.storage.sftp.internal.transfer.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Optional;

/**
 * Bytes of any number, of which each block differs from all others, so that none can take the place
 * of another.
 */
record Pattern(long seed, long size) {
  private static final int BLOCK = 64 * 1024;

  /** What a content does when it has come so far. */
  interface Stop {
    void run() throws IOException;
  }

  static Pattern of(long seed, long size) {
    return new Pattern(seed, size);
  }

  /** A content without digest, to be asked once. */
  Content content() {
    return out -> write(out, 0, size);
  }

  /** One that can be gone on with. */
  Content known() {
    return stoppingAt(size, () -> {}, true);
  }

  /** Does something when that many bytes are written. */
  Content stoppingAt(long where, Stop stop, boolean known) {
    Optional<Digest> digest = known ? Optional.of(digest()) : Optional.empty();
    return new Content() {
      @Override
      public void writeTo(OutputStream out) throws IOException {
        writeTo(out, 0);
      }

      @Override
      public void writeTo(OutputStream out, long offset) throws IOException {
        write(out, offset, Math.max(offset, where));
        stop.run();
        write(out, Math.max(offset, where), size);
      }

      @Override
      public Optional<Digest> digest() {
        return digest;
      }
    };
  }

  private void write(OutputStream out, long from, long to) throws IOException {
    for (long at = from; at < to; ) {
      int within = (int) (at % BLOCK);
      int count = (int) Math.min(BLOCK - within, to - at);
      out.write(block(at - within), within, count);
      at += count;
    }
  }

  /** Bytes that depend on the seed and on where they are. */
  private byte[] block(long offset) {
    byte[] bytes = new byte[BLOCK];
    long state = seed * 31 + offset;
    ByteBuffer words = ByteBuffer.wrap(bytes);
    while (words.hasRemaining()) {
      // Steele, Lea and Flood's generator, fast enough to keep a line busy.
      state += 0x9e3779b97f4a7c15L;
      long mixed = (state ^ (state >>> 30)) * 0xbf58476d1ce4e5b9L;
      words.putLong(mixed ^ (mixed >>> 27));
    }
    return bytes;
  }

  private Digest digest() {
    MessageDigest digest = Sha256.create();
    for (long at = 0; at < size; at += BLOCK) {
      digest.update(block(at), 0, (int) Math.min(BLOCK, size - at));
    }
    return new Digest(size, Sha256.text(digest));
  }

  /** Reads to the end, which has to be that of the pattern. */
  void check(InputStream in, long from) throws IOException {
    long at = from;
    while (true) {
      int within = (int) (at % BLOCK);
      byte[] read = in.readNBytes(BLOCK - within);
      byte[] expected = block(at - within);
      int end = within + read.length;
      if (Arrays.mismatch(expected, within, end, read, 0, read.length) >= 0) {
        throw new IOException("other bytes from " + at);
      }
      at += read.length;
      if (end < BLOCK) {
        break;
      }
    }
    if (at != size) {
      throw new IOException(at + " of " + size + " bytes");
    }
  }
}
