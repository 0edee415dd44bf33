package dev.openmemory.backup.cli.demo;

import java.util.SplittableRandom;

/**
 * Values that depend only on the seed and on what they are for, so that any of them can be made
 * again alone.
 *
 * @param seed of the whole demonstration
 */
record DemoRandom(long seed) {
  private static final String[] WORDS =
      ("the a my her our every likes prefers avoids remembers plans needs wrote asked about before"
              + " after during coffee tea running piano garden sister daughter Berlin Lisbon Kyoto"
              + " project deadline invoice database vector memory meeting Monday Friday evening"
              + " allergy recipe bread train flight hotel passport birthday book novel chapter"
              + " physics Rust Java Python refactoring review release server backup restore budget"
              + " doctor dentist bicycle mountain lake winter summer quiet early late never often")
          .split(" ");

  /** The numbers for one thing: the index-th of its kind. */
  SplittableRandom of(String kind, long index) {
    // Odd constants without a common pattern keep the streams of neighbours apart.
    return new SplittableRandom(
        seed + index * 0xD1342543DE82EF95L + kind.hashCode() * 0xAF251AF3B0F025B5L);
  }

  /** A version 4 UUID as OpenMemory stores it: 32 hex digits. */
  String id(String kind, long index) {
    SplittableRandom random = of(kind, index);
    long high = (random.nextLong() & ~0xF000L) | 0x4000L;
    long low = (random.nextLong() >>> 2) | 0x8000000000000000L;
    return hex(high) + hex(low);
  }

  /** Words of about the given number of characters. */
  static String text(SplittableRandom random, int length) {
    StringBuilder text = new StringBuilder(length + 16);
    while (text.length() < length) {
      text.append(WORDS[random.nextInt(WORDS.length)]).append(' ');
    }
    text.setCharAt(text.length() - 1, '.');
    return text.toString();
  }

  private static String hex(long bits) {
    String digits = Long.toHexString(bits);
    return "0".repeat(16 - digits.length()) + digits;
  }
}
