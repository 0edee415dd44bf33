package dev.openmemory.backup.internal.compress;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Compression;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * Compresses to gzip (RFC 1952) on several threads. The result is one member, because common Java
 * readers silently stop after the first, and depends only on the bytes and the level.
 *
 * <p>Memory is bounded by {@code threads + 2} blocks. The threads end with {@link #close}, whatever
 * happened before.
 *
 * <p>An interrupt ends a call with a {@code CANCELLED} failure and leaves the flag set. After any
 * failure only {@link #close} makes sense.
 */
public final class ParallelGzipOutputStream extends CompressingOutputStream {
  private static final int OS_UNKNOWN = 255;

  /** An empty last block, as deflate needs one at its end. */
  private static final byte[] LAST_BLOCK = {3, 0};

  private final OutputStream out;
  private final Compression compression;
  private final ExecutorService workers;
  private final List<Thread> threads = new CopyOnWriteArrayList<>();
  private final List<Block> blocks = new ArrayList<>();
  private final Deque<Block> idle = new ArrayDeque<>();
  private final Deque<Running> running = new ArrayDeque<>();
  private final CRC32 crc = new CRC32();
  private long size;
  private @Nullable Block current;
  private boolean started;

  /** Not while a call runs, so that one that fails leaves it so. */
  private boolean usable = true;

  private record Running(Block block, Future<?> done) {}

  /** Creates a stream that writes below from the first full block on. */
  public ParallelGzipOutputStream(OutputStream out, Compression compression) {
    this.out = Objects.requireNonNull(out);
    this.compression = compression;
    this.workers =
        Executors.newFixedThreadPool(
            compression.threads(),
            task -> {
              Thread thread = new Thread(task, "gzip");
              thread.setDaemon(true);
              threads.add(thread);
              return thread;
            });
  }

  @Override
  public void write(byte[] bytes, int offset, int count) throws IOException {
    Objects.checkFromIndexSize(offset, count, bytes.length);
    enter();
    crc.update(bytes, offset, count);
    size += count;
    for (int done = 0; done < count; ) {
      Block block = current == null ? nextBlock(null) : current;
      current = block.isFull() ? nextBlock(block) : block;
      done += current.fill(bytes, offset + done, count - done);
    }
    usable = true;
  }

  @Override
  public void finish() throws IOException {
    enter();
    if (current != null) {
      submit(current);
    }
    while (!running.isEmpty()) {
      writeOldest();
    }
    start();
    out.write(LAST_BLOCK);
    writeInt((int) crc.getValue());
    writeInt((int) size);
  }

  @Override
  public void close() {
    usable = false;
    workers.shutdownNow();
    boolean interrupted = false;
    for (Thread thread : threads) {
      interrupted |= joinIsInterrupted(thread);
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    blocks.forEach(Block::end);
    blocks.clear();
  }

  /** A block takes milliseconds, so the wait continues after an interrupt. */
  private static boolean joinIsInterrupted(Thread thread) {
    boolean interrupted = false;
    while (true) {
      try {
        thread.join();
        return interrupted;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
  }

  private void enter() {
    if (!usable) {
      throw new IllegalStateException("the gzip stream has failed, is finished or is closed");
    }
    usable = false;
  }

  /** Sends the full block off and gives the one that follows it. */
  private Block nextBlock(@Nullable Block full) throws IOException {
    Block next = idleBlock();
    next.follow(full);
    if (full != null) {
      submit(full);
    }
    return next;
  }

  private Block idleBlock() throws IOException {
    if (Thread.currentThread().isInterrupted()) {
      throw cancelled(null);
    }
    // Also keeps the stream below busy while the threads are.
    while (!running.isEmpty() && running.element().done().isDone()) {
      writeOldest();
    }
    if (idle.isEmpty() && blocks.size() < compression.threads() + 2) {
      Block block = new Block(compression.level());
      blocks.add(block);
      return block;
    }
    if (idle.isEmpty()) {
      writeOldest();
    }
    return idle.remove();
  }

  private void submit(Block block) {
    running.add(new Running(block, workers.submit(block::compress)));
  }

  private void writeOldest() throws IOException {
    Running oldest = running.remove();
    try {
      oldest.done().get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw cancelled(e);
    } catch (ExecutionException e) {
      throw Kind.FAILED.failure("compress", "", String.valueOf(e.getCause()), e.getCause());
    }
    start();
    oldest.block().writeTo(out);
    idle.add(oldest.block());
  }

  private void start() throws IOException {
    if (!started) {
      started = true;
      out.write(new byte[] {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, speedFlag(), (byte) OS_UNKNOWN});
    }
  }

  private byte speedFlag() {
    return switch (compression.level()) {
      case 9 -> 2;
      case 1 -> 4;
      default -> 0;
    };
  }

  private void writeInt(int value) throws IOException {
    out.write(
        new byte[] {
          (byte) value, (byte) (value >>> 8), (byte) (value >>> 16), (byte) (value >>> 24)
        });
  }

  private static BackupException cancelled(@Nullable Throwable cause) {
    return Kind.CANCELLED.failure("compress", "", "the thread was interrupted", cause);
  }
}
