package dev.openmemory.backup;

import java.util.Locale;

/**
 * How archives are compressed. The bytes that come out depend on method and level and never on the
 * threads, so the same data gives the same archive on every machine (with zstd, of the same version
 * of its library).
 *
 * @param level 1 is fast, higher is smaller; of gzip up to 9, and below 7 what deflate hardly
 *     shrinks, such as vectors, is stored as it is; of zstd up to 19; without compression 0
 * @param threads that compress, 1 to {@value #MAX_THREADS}; of gzip each takes about 0.9 MiB of
 *     memory, of zstd some 20 MiB outside the heap
 */
public record Compression(Method method, int level, int threads) {
  /** The most threads that may be asked for. */
  public static final int MAX_THREADS = 64;

  /** What compresses. */
  public enum Method {
    /** Every reader of archives knows it. */
    GZIP(1, 9, 6),
    /**
     * Smaller and faster; needs {@code com.github.luben:zstd-jni} on the class path, which this
     * library does not bring along. Without it backups and restores end as {@code UNSUPPORTED}.
     */
    ZSTD(1, 19, 1),
    /** Nothing. */
    NONE(0, 0, 0);

    private final int lowest;
    private final int highest;
    private final int standard;

    Method(int lowest, int highest, int standard) {
      this.lowest = lowest;
      this.highest = highest;
      this.standard = standard;
    }

    /** As in the manifest: {@code gzip}, {@code zstd}, {@code none}. */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException when a value is out of its range
   */
  public Compression {
    if (level < method.lowest || level > method.highest) {
      throw new IllegalArgumentException(
          method == Method.NONE
              ? "without compression there is no level: " + level
              : "level of "
                  + method.text()
                  + " must be "
                  + method.lowest
                  + " to "
                  + method.highest
                  + ": "
                  + level);
    }
    if (threads < 1 || threads > MAX_THREADS) {
      throw new IllegalArgumentException("threads must be 1 to " + MAX_THREADS + ": " + threads);
    }
  }

  /** Gzip of level 6, as its default. */
  public static Compression standard() {
    return standard(Method.GZIP);
  }

  /**
   * The usual level of a method, on all processors, at most 16: sixteen compress faster than any
   * disk or wire that we know takes the result.
   */
  public static Compression standard(Method method) {
    int threads = Math.min(16, Runtime.getRuntime().availableProcessors());
    return new Compression(method, method.standard, threads);
  }

  /** The same with another level. */
  public Compression withLevel(int changed) {
    return new Compression(method, changed, threads);
  }

  /** The same with another number of threads. */
  public Compression withThreads(int changed) {
    return new Compression(method, level, changed);
  }
}
