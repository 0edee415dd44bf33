package dev.openmemory.backup.testconditions;

import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The seed of all random tests: the system property {@code openmemory.seed}, or a fixed number. A
 * test that fails is named with the seed by {@link TestReport}. Safe for use by several threads.
 */
public final class Seeds {
  private static final AtomicLong CURRENT = new AtomicLong(Long.getLong("openmemory.seed", 42));

  private Seeds() {}

  /** The seed of this run. */
  public static long seed() {
    return CURRENT.get();
  }

  /** A new source of random numbers that begins with the seed. */
  public static Random random() {
    return new Random(seed());
  }

  static void use(long seed) {
    CURRENT.set(seed);
  }
}
