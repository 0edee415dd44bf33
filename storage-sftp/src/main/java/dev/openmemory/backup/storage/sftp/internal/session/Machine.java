package dev.openmemory.backup.storage.sftp.internal.session;

import dev.openmemory.backup.internal.process.Owner;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/** The process that a target runs in, its memory and its time. Tests have others. */
public class Machine {
  private static final Clock CLOCK = Clock.systemUTC();

  /** A new writer. */
  public Owner owner() {
    return Owner.ofThisProcess(CLOCK);
  }

  /**
   * The most bytes of a file that are under way: between the first that is not confirmed and the
   * last that was sent, or asked for and not yet taken.
   */
  public long span() {
    return 8L << 20;
  }

  public Instant now() {
    return CLOCK.instant();
  }

  /** For spans of time only. */
  public long nanos() {
    return System.nanoTime();
  }

  public void sleep(Duration pause) throws InterruptedException {
    Thread.sleep(pause.toMillis());
  }
}
