package dev.openmemory.backup.internal.compress;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.Deflater;
import org.jspecify.annotations.Nullable;

/**
 * One block of the input and its compressed form. Used again and again, by one thread at a time; a
 * {@link java.util.concurrent.Future} hands it over.
 *
 * <p>The compressed form ends at a byte boundary without the mark of a last block, so that the
 * blocks of a stream may simply follow each other.
 */
final class Block {
  /** Input bytes of a full block; a part of the stream's format for a given level. */
  static final int SIZE = 128 << 10;

  /** How far back deflate can refer. */
  private static final int WINDOW = 32 << 10;

  /** From this level on space matters more than time, so noise is compressed, too. */
  private static final int SMALLEST = 7;

  /** The most bytes of a stored block, and the bytes before them. */
  private static final int LONGEST_STORED = 0xffff;

  private static final int STORED_HEADER = 5;

  private static final byte[] ZEROS = new byte[SIZE];
  private static final byte[] DEFLATED_ZEROS = deflatedZeros();

  /** The last bytes of the block before, then the bytes of this one. */
  private final byte[] input = new byte[WINDOW + SIZE];

  private int windowLength;
  private int length;

  /** Roomy enough for any block: were it ever full, the flush would be repeated in the output. */
  private final byte[] output = new byte[SIZE + SIZE / 4];

  private int outputLength;
  private boolean zero;

  private final Deflater deflater;
  private final @Nullable Noise noise;

  Block(int level) {
    deflater = new Deflater(level, true);
    noise = level < SMALLEST ? new Noise() : null;
  }

  /** Empties the block; {@code previous} is the one before it in the stream. */
  void follow(@Nullable Block previous) {
    length = 0;
    windowLength = 0;
    if (previous != null) {
      // Only the last block of a stream is not full, so the window is too.
      windowLength = WINDOW;
      System.arraycopy(previous.input, SIZE, input, 0, WINDOW);
    }
  }

  /** Takes as many bytes as there is room for. */
  int fill(byte[] bytes, int offset, int count) {
    int taken = Math.min(count, SIZE - length);
    System.arraycopy(bytes, offset, input, WINDOW + length, taken);
    length += taken;
    return taken;
  }

  boolean isFull() {
    return length == SIZE;
  }

  void compress() {
    zero = isFull() && Arrays.mismatch(input, WINDOW, WINDOW + SIZE, ZEROS, 0, SIZE) < 0;
    outputLength = 0;
    if (zero) {
      return;
    }
    if (noise != null && isFull() && noise.is(input, WINDOW, SIZE)) {
      store();
      return;
    }
    deflater.reset();
    deflater.setDictionary(input, WINDOW - windowLength, windowLength);
    deflater.setInput(input, WINDOW, length);
    deflate();
  }

  void writeTo(OutputStream out) throws IOException {
    if (zero) {
      out.write(DEFLATED_ZEROS);
    } else {
      out.write(output, 0, outputLength);
    }
  }

  void end() {
    deflater.end();
  }

  /** As blocks of type 0 (RFC 1951, section 3.2.4). Each ends at a byte boundary. */
  private void store() {
    for (int done = 0; done < length; ) {
      int count = Math.min(length - done, LONGEST_STORED);
      ByteBuffer.wrap(output, outputLength, STORED_HEADER)
          .order(ByteOrder.LITTLE_ENDIAN)
          .put((byte) 0)
          .putShort((short) count)
          .putShort((short) ~count);
      System.arraycopy(input, WINDOW + done, output, outputLength + STORED_HEADER, count);
      outputLength += STORED_HEADER + count;
      done += count;
    }
  }

  private void deflate() {
    outputLength = deflater.deflate(output, 0, output.length, Deflater.SYNC_FLUSH);
  }

  private static byte[] deflatedZeros() {
    Block block = new Block(Deflater.BEST_COMPRESSION);
    try {
      block.length = SIZE;
      block.deflater.setInput(block.input, WINDOW, SIZE);
      block.deflate();
      return Arrays.copyOf(block.output, block.outputLength);
    } finally {
      block.end();
    }
  }
}
