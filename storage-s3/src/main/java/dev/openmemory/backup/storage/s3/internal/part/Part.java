package dev.openmemory.backup.storage.s3.internal.part;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import software.amazon.awssdk.core.sync.RequestBody;

/**
 * Bytes that travel together. They are kept in chunks: collectors give an array of the size of a
 * part a place of its own, which can be twice as large.
 */
public final class Part {
  static final int CHUNK_BYTES = 256 * 1024;
  private static final String CONTENT_TYPE = "application/octet-stream";

  private final List<byte[]> chunks = new ArrayList<>();
  private int length;

  public static Part of(byte[] bytes) {
    Part part = new Part();
    part.add(bytes);
    part.length = bytes.length;
    return part;
  }

  /** Whether there is no room for another byte before the next {@link #add}. */
  boolean isFull() {
    return length == (long) chunks.size() * CHUNK_BYTES;
  }

  void add(byte[] chunk) {
    chunks.add(chunk);
  }

  /** Copies as much as there is room for, at least one byte, and at most the count. */
  int append(byte[] bytes, int offset, int count) {
    byte[] last = chunks.get(chunks.size() - 1);
    int at = length % CHUNK_BYTES;
    int copied = Math.min(count, last.length - at);
    System.arraycopy(bytes, offset, last, at, copied);
    length += copied;
    return copied;
  }

  int length() {
    return length;
  }

  List<byte[]> chunks() {
    return chunks;
  }

  /** How many bytes of the chunk count. */
  int lengthOf(int chunk) {
    return Math.min(chunks.get(chunk).length, length - chunk * CHUNK_BYTES);
  }

  /** For a request, which may read it as often as it likes. */
  public RequestBody body() {
    return RequestBody.fromContentProvider(this::stream, length, CONTENT_TYPE);
  }

  private InputStream stream() {
    List<InputStream> streams = new ArrayList<>();
    for (int chunk = 0; chunk < chunks.size(); chunk++) {
      streams.add(new ByteArrayInputStream(chunks.get(chunk), 0, lengthOf(chunk)));
    }
    return new SequenceInputStream(Collections.enumeration(streams));
  }
}
