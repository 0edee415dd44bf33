package dev.openmemory.backup.internal.compress;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Recognizes bytes that are not worth compressing, such as vectors, some fifty times faster than
 * trying it. Depends on the bytes alone. Not thread-safe.
 */
final class Noise {
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  /** One byte in sixteen, in pieces, since a block may hold different things. */
  private static final int PIECE = 256;

  private static final int STRIDE = 16 * PIECE;

  /** Vectors of 32-bit floats have about 7.3, JSON and text 4 to 6. */
  private static final double MOST_BITS_WORTH_COMPRESSING = 6.5;

  /** One word in this many that was there before is a repetition that deflate can use. */
  private static final int REPETITIONS = 16;

  private static final int HASH_BITS = 14;

  private final int[] counts = new int[256];
  private final int[] words = new int[1 << HASH_BITS];

  boolean is(byte[] bytes, int offset, int length) {
    return bitsOfAByte(bytes, offset, length) > MOST_BITS_WORTH_COMPRESSING
        && repetitions(bytes, offset, length) < length / Integer.BYTES / REPETITIONS;
  }

  /** The entropy (Shannon, of order 0) of the sample. */
  private double bitsOfAByte(byte[] bytes, int offset, int length) {
    Arrays.fill(counts, 0);
    int sampled = 0;
    for (int at = 0; at + PIECE <= length; at += STRIDE) {
      for (int i = at; i < at + PIECE; i++) {
        counts[bytes[offset + i] & 0xff]++;
      }
      sampled += PIECE;
    }
    double bits = 0;
    for (int count : counts) {
      if (count > 0) {
        bits -= count * StrictMath.log((double) count / sampled);
      }
    }
    return bits / sampled / StrictMath.log(2);
  }

  /** How many words were, shortly before, at the same place modulo their size. */
  private int repetitions(byte[] bytes, int offset, int length) {
    Arrays.fill(words, 0);
    int found = 0;
    for (int at = 0; at + Integer.BYTES <= length; at += Integer.BYTES) {
      int word = (int) INTS.get(bytes, offset + at);
      int slot = (word * 0x9E3779B1) >>> (Integer.SIZE - HASH_BITS);
      if (words[slot] == word) {
        found++;
      }
      words[slot] = word;
    }
    return found;
  }
}
