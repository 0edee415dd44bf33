package dev.openmemory.backup;

/**
 * How hard and how broadly archives are compressed. The bytes that come out depend on the level and
 * never on the threads, so the same data gives the same archive on every machine.
 *
 * @param level of deflate, 1 (fast) to 9 (small); below 7 what deflate hardly shrinks, such as
 *     vectors, is stored as it is
 * @param threads that compress, 1 to {@value #MAX_THREADS}; each takes about 0.9 MiB of memory
 */
public record Compression(int level, int threads) {
  /** The most threads that may be asked for. */
  public static final int MAX_THREADS = 64;

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException when a value is out of its range
   */
  public Compression {
    if (level < 1 || level > 9) {
      throw new IllegalArgumentException("level must be 1 to 9: " + level);
    }
    if (threads < 1 || threads > MAX_THREADS) {
      throw new IllegalArgumentException("threads must be 1 to " + MAX_THREADS + ": " + threads);
    }
  }

  /**
   * Level 6, as gzip's default, on all processors, at most 16: sixteen compress faster than any
   * disk or wire that we know takes the result.
   */
  public static Compression standard() {
    return new Compression(6, Math.min(16, Runtime.getRuntime().availableProcessors()));
  }
}
