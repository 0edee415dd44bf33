package dev.openmemory.backup.testkit.qdrant;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

/** What goes wrong, and how often. */
final class DoubleFaults {

  /** The ways in which a request goes wrong. */
  enum Kind {
    ANSWER,
    BEFORE,
    DELAY,
    LOSE,
    CUT,
    STALL,
    CORRUPT
  }

  /** One way, for the next so many requests with a method and path that match. */
  record Fault(
      Kind kind,
      Pattern pattern,
      AtomicInteger left,
      long bytes,
      Duration duration,
      Optional<DoubleAnswer> answer,
      Runnable action) {}

  private final List<Fault> faults = new CopyOnWriteArrayList<>();

  void add(
      Kind kind,
      String pattern,
      int times,
      long bytes,
      Duration duration,
      Optional<DoubleAnswer> answer,
      Runnable action) {
    faults.add(
        new Fault(
            kind,
            Pattern.compile(pattern),
            new AtomicInteger(times),
            bytes,
            duration,
            answer,
            action));
  }

  /** The fault of that kind that strikes this request, which uses it up. */
  Optional<Fault> take(Kind kind, String line) {
    for (Fault fault : faults) {
      if (fault.kind() == kind
          && fault.pattern().matcher(line).matches()
          && fault.left().getAndDecrement() > 0) {
        return Optional.of(fault);
      }
    }
    return Optional.empty();
  }

  void clear() {
    faults.clear();
  }
}
