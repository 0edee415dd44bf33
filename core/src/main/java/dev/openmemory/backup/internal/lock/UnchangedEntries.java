package dev.openmemory.backup.internal.lock;

import dev.openmemory.backup.ObjectName;
import dev.openmemory.backup.internal.catalog.LockEntry;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/** Since when, by our own clock, entries are as they are. */
final class UnchangedEntries {
  private final LongSupplier nanoClock;
  private final Map<ObjectName, Seen> seen = new HashMap<>();

  private record Seen(Instant written, long sinceNanos) {}

  UnchangedEntries(LongSupplier nanoClock) {
    this.nanoClock = nanoClock;
  }

  /** Looks at the entry now: whether it was the same at each look of that time. */
  boolean isFor(Duration time, LockEntry entry) {
    long now = nanoClock.getAsLong();
    Seen before = seen.get(entry.object());
    if (before == null || !before.written().equals(entry.written())) {
      seen.put(entry.object(), new Seen(entry.written(), now));
      return false;
    }
    return now - before.sinceNanos() >= time.toNanos();
  }
}
