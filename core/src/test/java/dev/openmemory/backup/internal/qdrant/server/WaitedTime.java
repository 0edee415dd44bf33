package dev.openmemory.backup.internal.qdrant.server;

import dev.openmemory.backup.internal.target.Waiter;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicLong;

/** A time that passes only when a client waits, and when it is told to. Thread-safe. */
final class WaitedTime extends Clock implements Waiter {
  private final Instant begin = Clock.systemUTC().instant();
  private final AtomicLong nanos = new AtomicLong();

  @Override
  public void await(Duration duration) {
    pass(duration);
  }

  void pass(Duration duration) {
    nanos.addAndGet(duration.toNanos());
  }

  long nanos() {
    return nanos.get();
  }

  @Override
  public Instant instant() {
    return begin.plusNanos(nanos());
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    return this;
  }
}
