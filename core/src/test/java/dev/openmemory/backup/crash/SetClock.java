package dev.openmemory.backup.crash;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** The clock of the host, which can be set. */
final class SetClock extends Clock {
  private final Clock host = Clock.systemUTC();
  private volatile Duration off = Duration.ZERO;

  /** It is so much ahead from now on. */
  void set(Duration ahead) {
    off = ahead;
  }

  @Override
  public Instant instant() {
    return host.instant().plus(off);
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
