package dev.openmemory.backup.storage.sftp;

import dev.openmemory.backup.internal.process.Host;
import dev.openmemory.backup.internal.process.Owner;
import dev.openmemory.backup.storage.sftp.internal.session.Machine;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/** A small machine on which no sleep takes time, and whose process may have ended. */
final class TestMachine extends Machine {
  static final long SPAN = 256 << 10;

  private final AtomicLong ahead = new AtomicLong();
  private final List<Duration> sleeps = new CopyOnWriteArrayList<>();
  private volatile Duration leap = Duration.ZERO;
  private volatile boolean ended;
  private volatile Duration later = Duration.ZERO;
  private volatile Runnable whileAsleep = () -> {};

  /** From now on so much time passes whenever somebody looks at the clock. */
  void leap(Duration span) {
    leap = span;
  }

  /** Lets the date be a later one. */
  TestMachine later(Duration span) {
    later = span;
    return this;
  }

  /** What is begun here is what a process has begun that has ended. */
  TestMachine ended() {
    ended = true;
    return this;
  }

  void whileAsleep(Runnable action) {
    whileAsleep = action;
  }

  List<Duration> sleeps() {
    return sleeps;
  }

  @Override
  public Owner owner() {
    // No process of today has begun then.
    return ended
        ? new Owner(
            Host.here(), ProcessHandle.current().pid(), Instant.EPOCH.toString(), super.now())
        : super.owner();
  }

  @Override
  public long span() {
    return SPAN;
  }

  @Override
  public Instant now() {
    return super.now().plus(later);
  }

  @Override
  public long nanos() {
    return System.nanoTime() + ahead.addAndGet(leap.toNanos());
  }

  @Override
  public void sleep(Duration pause) throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    sleeps.add(pause);
    ahead.addAndGet(pause.toNanos());
    whileAsleep.run();
  }
}
