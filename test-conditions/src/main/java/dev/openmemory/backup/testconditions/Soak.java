package dev.openmemory.backup.testconditions;

import java.time.Duration;
import java.util.Random;

/** The rounds of a {@link SoakTest}. */
public final class Soak {
  /** One round of random exploration. */
  @FunctionalInterface
  public interface Round {
    /**
     * Explores.
     *
     * @param random begins with a seed of its own in each round
     */
    void run(Random random) throws Exception;
  }

  private Soak() {}

  /**
   * Runs rounds for as long as the system property {@code openmemory.soak.seconds} says; one round
   * without it. The first begins with {@link Seeds#seed}, each later one with the next number. A
   * round that fails is named with its own seed, so that it can be run alone.
   */
  public static void rounds(Round round) throws Exception {
    long end =
        System.nanoTime()
            + Duration.ofSeconds(Long.getLong("openmemory.soak.seconds", 0)).toNanos();
    long first = Seeds.seed();
    long seed = first;
    do {
      Seeds.use(seed);
      round.run(new Random(seed));
      seed++;
    } while (System.nanoTime() < end);
    Seeds.use(first);
  }
}
