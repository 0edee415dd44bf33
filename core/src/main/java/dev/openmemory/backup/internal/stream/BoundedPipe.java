package dev.openmemory.backup.internal.stream;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Bytes on their way from the thread that makes them to one that takes them; about a MiB of them is
 * in memory. Unlike {@code java.io}'s pipes it can end with a failure, and it does not check
 * whether threads still run.
 */
public final class BoundedPipe {
  /** Waiting is for slow stores; this much hides that they take bytes in bursts. */
  private static final int MOST_BYTES = 1 << 20;

  private final Deque<byte[]> chunks = new ArrayDeque<>();
  private int bytes;
  private boolean ended;
  private boolean abandoned;
  private @Nullable IOException failure;

  /**
   * Waits for room, then takes the chunk, which must not change any more.
   *
   * @return whether there is still a reader; if not, the chunk is dropped
   */
  public synchronized boolean put(byte[] chunk) throws InterruptedException {
    while (bytes >= MOST_BYTES && !abandoned) {
      wait();
    }
    if (!abandoned) {
      chunks.add(chunk);
      bytes += chunk.length;
      notifyAll();
    }
    return !abandoned;
  }

  /** No chunk follows. */
  public synchronized void end() {
    ended = true;
    notifyAll();
  }

  /** The reader gets the failure in the place of what it has not read yet. */
  public synchronized void fail(IOException reason) {
    failure = reason;
    notifyAll();
  }

  /** There is no reader any more. */
  public synchronized void abandon() {
    abandoned = true;
    chunks.clear();
    notifyAll();
  }

  /**
   * Reads to the end.
   *
   * @throws InterruptedException when the thread is interrupted while it waits
   */
  public void drainTo(OutputStream out) throws IOException, InterruptedException {
    byte[] chunk = take();
    while (chunk != null) {
      out.write(chunk);
      chunk = take();
    }
  }

  private synchronized byte @Nullable [] take() throws IOException, InterruptedException {
    while (chunks.isEmpty() && !ended && failure == null) {
      wait();
    }
    if (failure != null) {
      throw failure;
    }
    byte[] chunk = chunks.poll();
    if (chunk != null) {
      bytes -= chunk.length;
      notifyAll();
    }
    return chunk;
  }
}
