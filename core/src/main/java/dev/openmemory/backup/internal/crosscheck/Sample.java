package dev.openmemory.backup.internal.crosscheck;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * Which ids are compared: all, or those in sixteen windows that are spread over all ids. Ids are
 * random, so the windows hold their share of them; and as they are looked at in full on both sides,
 * what is found in them is exact.
 *
 * @param span of the 2^60 values that the first half of an id can take in each window
 */
record Sample(long span) {
  private static final int WINDOWS = 16;
  private static final long WINDOW = 1L << 60;

  /** Some 24 bytes each, which a heap of 64 MiB has room for. */
  static final long MOST = 1_000_000;

  static final Sample ALL = new Sample(WINDOW);

  /** All when there are no more than the most, else about that many. */
  static Sample of(long ids, long most) {
    return ids <= most ? ALL : new Sample((long) (WINDOW * ((double) most / ids)));
  }

  boolean isAll() {
    return span == WINDOW;
  }

  boolean holds(UUID id) {
    return (id.getMostSignificantBits() & (WINDOW - 1)) < span;
  }

  /** Where the windows begin. */
  List<UUID> starts() {
    List<UUID> starts = new ArrayList<>();
    for (long i = 0; i < WINDOWS; i++) {
      starts.add(new UUID(i << 60, 0));
    }
    return starts;
  }

  /** Whether both are in the same window or its gap. */
  static boolean sameWindow(UUID one, UUID other) {
    return (one.getMostSignificantBits() >>> 60) == (other.getMostSignificantBits() >>> 60);
  }
}
