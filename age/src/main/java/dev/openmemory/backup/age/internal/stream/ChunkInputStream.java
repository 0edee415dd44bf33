package dev.openmemory.backup.age.internal.stream;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.internal.stream.block.BlockInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import javax.crypto.SecretKey;
import org.jspecify.annotations.Nullable;

/**
 * The plain bytes, chunk by chunk, of which several are decrypted at a time. A chunk is given out
 * when it was authenticated, in its place. The end is one only behind the chunk that is marked as
 * the last. After a failure each read fails.
 */
final class ChunkInputStream extends BlockInputStream {
  private final InputStream in;
  private final SecretKey key;
  private final String subject;
  private final Deque<Chunk> ahead = new ArrayDeque<>();
  private final Deque<Chunk> idle = new ArrayDeque<>();
  private @Nullable Chunk current;
  private long number;
  private boolean ended;

  /** Bytes at the end that are fewer than any chunk has. */
  private int rest;

  /** What has ended the stream below. It counts when all before it was given out. */
  private @Nullable IOException endedBy;

  private @Nullable IOException failure;

  ChunkInputStream(InputStream in, SecretKey key, String subject) {
    this.in = in;
    this.key = key;
    this.subject = subject;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, bytes.length);
    if (length == 0) {
      return 0;
    }
    if (failure != null) {
      throw failure;
    }
    try {
      Chunk chunk = current == null ? next() : current;
      while (chunk.remaining() == 0) {
        if (chunk.isLast()) {
          requireNothingMore();
          return -1;
        }
        chunk = next();
      }
      return chunk.give(bytes, offset, length);
    } catch (IOException e) {
      failure = e;
      throw e;
    }
  }

  private Chunk next() throws IOException {
    readAhead();
    Chunk chunk = ahead.poll();
    if (chunk == null) {
      throw endedBy == null ? damaged("it is cut off") : endedBy;
    }
    if (!chunk.isAuthentic()) {
      throw damaged("it is damaged or cut off");
    }
    if (current != null) {
      if (chunk.remaining() == 0) {
        throw damaged("its last part is empty");
      }
      idle.add(current);
    }
    current = chunk;
    return chunk;
  }

  private void readAhead() {
    while (!ended && ahead.size() < Chunk.AT_A_TIME) {
      Chunk chunk = idle.isEmpty() ? new Chunk(key) : idle.remove();
      try {
        chunk.readFrom(in);
      } catch (IOException e) {
        endedBy = e;
        ended = true;
        return;
      }
      ended = chunk.isShort();
      if (chunk.size() < Chunk.TAG_BYTES) {
        rest = chunk.size();
      } else {
        chunk.decrypt(number++);
        ahead.add(chunk);
      }
    }
  }

  private void requireNothingMore() throws IOException {
    readAhead();
    if (!ahead.isEmpty() || rest > 0) {
      throw damaged("there are bytes behind its end");
    }
    if (endedBy != null) {
      throw endedBy;
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
