package dev.openmemory.backup.internal.compress;

import java.io.IOException;
import java.io.OutputStream;
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

  private static final int PROBES = 4;
  private static final int PROBE_SIZE = 4 << 10;

  /** Beyond this the search for repetitions costs much more time than it saves space. */
  private static final double INCOMPRESSIBLE = 0.85;

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

  /** A second one, because a changed strategy makes a {@link Deflater} emit a block by itself. */
  private @Nullable Deflater huffman;

  Block(int level) {
    deflater = new Deflater(level, true);
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
    Deflater chosen = isIncompressible() ? huffman() : deflater;
    chosen.reset();
    chosen.setDictionary(input, WINDOW - windowLength, windowLength);
    chosen.setInput(input, WINDOW, length);
    deflate(chosen, length);
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
    if (huffman != null) {
      huffman.end();
    }
  }

  /** Tries samples from all over the block, because its start may be unlike the rest. */
  private boolean isIncompressible() {
    if (!isFull()) {
      return false;
    }
    byte[] sample = new byte[PROBES * PROBE_SIZE];
    for (int i = 0; i < PROBES; i++) {
      System.arraycopy(input, WINDOW + i * (SIZE / PROBES), sample, i * PROBE_SIZE, PROBE_SIZE);
    }
    deflater.reset();
    deflater.setInput(sample);
    deflate(deflater, sample.length);
    boolean incompressible = outputLength > INCOMPRESSIBLE * sample.length;
    outputLength = 0;
    return incompressible;
  }

  private Deflater huffman() {
    if (huffman == null) {
      huffman = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
      huffman.setStrategy(Deflater.HUFFMAN_ONLY);
    }
    return huffman;
  }

  private void deflate(Deflater chosen, int count) {
    // The first call after setStrategy only sets it and takes no input.
    do {
      outputLength +=
          chosen.deflate(output, outputLength, output.length - outputLength, Deflater.SYNC_FLUSH);
    } while (chosen.getBytesRead() < count);
  }

  private static byte[] deflatedZeros() {
    Block block = new Block(Deflater.BEST_COMPRESSION);
    try {
      block.length = SIZE;
      block.deflater.setInput(block.input, WINDOW, SIZE);
      block.deflate(block.deflater, SIZE);
      return Arrays.copyOf(block.output, block.outputLength);
    } finally {
      block.end();
    }
  }
}
