package dev.openmemory.backup.internal.targetcheck;

import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.internal.target.Waiter;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** Looks again, for some seconds, until a store shows what it was told. */
record Polling(Waiter waiter) {
  private static final Duration FIRST = Duration.ofMillis(250);
  private static final Duration LONGEST = Duration.ofSeconds(16);

  /** Something that can be looked at again. */
  interface Check {
    boolean holds() throws IOException;
  }

  /** After how long it was so, zero if at once; empty when it never was. */
  Optional<Duration> until(Check check) throws IOException {
    Duration waited = Duration.ZERO;
    for (Duration pause = FIRST; !check.holds(); pause = pause.multipliedBy(2)) {
      if (waited.compareTo(LONGEST) >= 0) {
        return Optional.empty();
      }
      await(pause);
      waited = waited.plus(pause);
    }
    return Optional.of(waited);
  }

  private void await(Duration pause) throws IOException {
    try {
      waiter.await(pause);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Kind.CANCELLED.failure("check target", "", "interrupted", e);
    }
  }
}
