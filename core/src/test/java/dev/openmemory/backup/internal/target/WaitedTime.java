package dev.openmemory.backup.internal.target;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicLong;

/** A time that passes only during a wait and by a call. Thread-safe. */
public final class WaitedTime extends Clock implements Waiter {
  private final Instant begin = Clock.systemUTC().instant();
  private final AtomicLong nanos = new AtomicLong();

  @Override
  public void await(Duration duration) {
    pass(duration);
  }

  /** So much later. */
  public void pass(Duration duration) {
    nanos.addAndGet(duration.toNanos());
  }

  /** How much has passed. */
  public long nanos() {
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
