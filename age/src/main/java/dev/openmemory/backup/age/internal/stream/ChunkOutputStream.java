package dev.openmemory.backup.age.internal.stream;

import dev.openmemory.backup.internal.stream.block.BlockOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import javax.crypto.SecretKey;

/**
 * Encrypts chunk by chunk, several at a time. Neither flushes nor closes the stream below. Without
 * {@link #finish} no reader takes the result for a whole file.
 */
final class ChunkOutputStream extends BlockOutputStream {
  private final OutputStream out;
  private final SecretKey key;
  private final Deque<Chunk> running = new ArrayDeque<>();
  private final Deque<Chunk> idle = new ArrayDeque<>();
  private Chunk current;
  private long number;

  ChunkOutputStream(OutputStream out, SecretKey key) {
    this.out = out;
    this.key = key;
    this.current = new Chunk(key);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, bytes.length);
    for (int done = 0; done < length; ) {
      if (current.isFull()) {
        encrypt(false);
        current = next();
      }
      done += current.fill(bytes, offset + done, length - done);
    }
  }

  /** Writes the last chunk, which is full or has fewer bytes; it is empty in an empty file. */
  void finish() throws IOException {
    encrypt(true);
    while (!running.isEmpty()) {
      writeOldest();
    }
  }

  private void encrypt(boolean last) {
    current.encrypt(number++, last);
    running.add(current);
  }

  private Chunk next() throws IOException {
    // Keeps the stream below busy while the other threads are.
    while (!running.isEmpty() && running.element().isDone()) {
      writeOldest();
    }
    if (idle.isEmpty() && running.size() == Chunk.AT_A_TIME) {
      writeOldest();
    }
    return idle.isEmpty() ? new Chunk(key) : idle.remove();
  }

  private void writeOldest() throws IOException {
    Chunk oldest = running.remove();
    oldest.writeTo(out);
    idle.add(oldest);
  }
}
