package dev.openmemory.backup.internal.stream;

import dev.openmemory.backup.Manifest.Digest;
import dev.openmemory.backup.internal.parallel.DaemonThreads;
import dev.openmemory.backup.internal.text.Sha256;
import java.security.MessageDigest;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Counts and digests the bytes that pass. Many bytes are digested in another thread, so that the
 * caller's has time for reading and writing. One thread at a time.
 */
public final class Sha256Counter {
  private static final DaemonThreads THREADS = new DaemonThreads("openmemory-backup-sha256");
  private static final int CHUNK_BYTES = 128 << 10;

  /** How many are filled or digested at a time. */
  private static final int CHUNKS = 4;

  private final MessageDigest sha256 = Sha256.start();
  private final Queue<byte[]> idle = new ConcurrentLinkedQueue<>();
  private final Semaphore room = new Semaphore(CHUNKS);
  private CompletableFuture<@Nullable Void> digested = CompletableFuture.completedFuture(null);
  private byte @Nullable [] chunk;
  private int filled;
  private long size;

  public void add(byte[] bytes, int offset, int length) {
    size += length;
    if (size <= CHUNK_BYTES) {
      sha256.update(bytes, offset, length);
      return;
    }
    for (int done = 0; done < length; ) {
      byte[] into = chunk == null ? emptyChunk() : chunk;
      chunk = into;
      int count = Math.min(length - done, CHUNK_BYTES - filled);
      System.arraycopy(bytes, offset + done, into, filled, count);
      filled += count;
      done += count;
      if (filled == CHUNK_BYTES) {
        digestChunk(into);
      }
    }
  }

  public long size() {
    return size;
  }

  /** The digest of all so far; to be asked once. */
  public Digest digest() {
    digested.join();
    if (chunk != null) {
      sha256.update(chunk, 0, filled);
    }
    return new Digest(size, Sha256.hex(sha256));
  }

  /** A chunk is digested in less than a millisecond, so an interrupt can wait. */
  private byte[] emptyChunk() {
    room.acquireUninterruptibly();
    return Objects.requireNonNullElseGet(idle.poll(), () -> new byte[CHUNK_BYTES]);
  }

  /** Each task gives its chunk back, also after a failure of one before it. */
  private void digestChunk(byte[] full) {
    digested =
        digested.handleAsync(
            (done, failure) -> {
              try {
                if (failure != null) {
                  throw new CompletionException(failure);
                }
                sha256.update(full);
                return null;
              } finally {
                room.release();
                idle.add(full);
              }
            },
            THREADS);
    chunk = null;
    filled = 0;
  }
}
