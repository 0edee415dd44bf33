package dev.openmemory.backup.cli.notify;

import dev.openmemory.backup.Cancellation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Sends notices by all ways, one after the other. A way that fails does not keep the others from
 * it, and nothing of it fails a backup.
 *
 * @param cancellation ends it
 * @param longest time for one way with all its attempts
 * @param pause before the second attempt; the third one comes after twice that time
 */
record Delivery(List<Way> ways, Cancellation cancellation, Duration longest, Duration pause) {
  private static final int ATTEMPTS = 3;

  static Delivery of(List<Way> ways, Cancellation cancellation) {
    return new Delivery(ways, cancellation, Duration.ofSeconds(30), Duration.ofSeconds(2));
  }

  /**
   * What became of it.
   *
   * @param trouble empty when the service has accepted it
   */
  public record Outcome(Way way, Optional<String> trouble) {
    boolean arrived() {
      return trouble.isEmpty();
    }

    String warning() {
      return "the notification by "
          + way.name()
          + " to "
          + way.host()
          + " failed: "
          + trouble.orElse("");
    }
  }

  List<Outcome> send(Notice notice) {
    List<Outcome> outcomes = new ArrayList<>();
    for (Way way : ways) {
      outcomes.add(new Outcome(way, send(way, notice).map(Trouble::what)));
    }
    return outcomes;
  }

  private Optional<Trouble> send(Way way, Notice notice) {
    long end = System.nanoTime() + longest.toNanos();
    Optional<Trouble> trouble = Optional.empty();
    for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
      Duration left = Duration.ofNanos(end - System.nanoTime());
      if (attempt > 1 && left.compareTo(pause) < 0) {
        break;
      }
      trouble = once(way, notice, left);
      boolean again = trouble.filter(Trouble::passing).isPresent() && attempt < ATTEMPTS;
      if (!again || stops(pause.multipliedBy(attempt))) {
        break;
      }
    }
    return trouble;
  }

  private Optional<Trouble> once(Way way, Notice notice, Duration left) {
    if (cancellation.isRequested()) {
      return Optional.of(Trouble.STOPPED);
    }
    try {
      return way.send(notice, left);
    } catch (RuntimeException e) {
      // Its message may have the address or a header.
      return Optional.of(new Trouble(e.getClass().getSimpleName(), false));
    }
  }

  private boolean stops(Duration wait) {
    try {
      return cancellation.await(wait);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }
}
