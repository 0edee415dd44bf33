package dev.openmemory.backup.internal.lock;

import dev.openmemory.backup.BackupEvent;
import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.ObjectName;
import dev.openmemory.backup.internal.catalog.LockEntry;
import dev.openmemory.backup.internal.file.SmallContent;
import dev.openmemory.backup.internal.file.Undo;
import dev.openmemory.backup.internal.process.Owner;
import dev.openmemory.backup.internal.run.Run;
import dev.openmemory.backup.internal.target.Waiter;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.spi.ObjectInfo;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Keeps two runs from working on the backups of one installation in one target at once.
 *
 * <p>A run writes an entry of its own, and looks then which other runs have one: of two runs at
 * least the later one sees the other, whatever the store is. A run that sees an active entry takes
 * its own back and waits. No store has to create exclusively, replace or lock for that. Entries are
 * renewed; one of another host that is not is stale, by the store's clock, so that those of the
 * hosts may differ. Of this host the operating system says which processes live.
 */
public final class RunLock implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(RunLock.class);

  /**
   * How long things take.
   *
   * @param beat between two renewals of an entry
   * @param expiry an entry that was not renewed for so long no longer counts
   * @param retry between two looks of a run that waits, on average
   * @param grace for two that began at the same moment to get out of each other's way
   */
  record Timings(Duration beat, Duration expiry, Duration retry, Duration grace) {
    static final Timings STANDARD =
        new Timings(
            Duration.ofMinutes(1),
            Duration.ofMinutes(10),
            Duration.ofSeconds(1),
            Duration.ofSeconds(5));
  }

  private final Run run;
  private final BackupTarget target;
  private final String installationId;
  private final String work;
  private final Optional<String> home;
  private final Timings timings;
  private final Waiter waiter;
  private final LongSupplier nanoClock;
  private final UnchangedEntries unchanged;
  private Optional<LockHeartbeat> heartbeat = Optional.empty();
  private Optional<OwnEntry> own = Optional.empty();

  RunLock(
      Run run,
      BackupTarget target,
      String installationId,
      String work,
      Optional<String> home,
      Timings timings) {
    this(
        run,
        target,
        installationId,
        work,
        home,
        timings,
        Waiter.until(run.context().cancellation()),
        System::nanoTime);
  }

  RunLock(
      Run run,
      BackupTarget target,
      String installationId,
      String work,
      Optional<String> home,
      Timings timings,
      Waiter waiter,
      LongSupplier nanoClock) {
    this.run = run;
    this.target = target;
    this.installationId = installationId;
    this.work = work;
    this.home = home;
    this.timings = timings;
    this.waiter = waiter;
    this.nanoClock = nanoClock;
    this.unchanged = new UnchangedEntries(nanoClock);
  }

  /**
   * Has the lock, or waits for it as long as the run may.
   *
   * @param home see {@link HomeLock#mark}
   * @throws BackupException of kind {@code LOCKED}, naming the run that has it
   */
  public static RunLock acquire(
      Run run, BackupTarget target, String installationId, String work, Optional<String> home)
      throws IOException {
    RunLock lock = new RunLock(run, target, installationId, work, home, Timings.STANDARD);
    lock.take(run.lockTimeout());
    return lock;
  }

  void take(Duration timeout) throws IOException {
    long started = nanoClock.getAsLong();
    boolean announced = false;
    while (true) {
      run.checkCancelled();
      Optional<LockEntry> holder = tryToTake();
      if (holder.isEmpty()) {
        return;
      }
      Duration waited = Duration.ofNanos(nanoClock.getAsLong() - started);
      boolean inGrace = waited.compareTo(timings.grace()) < 0;
      if (waited.compareTo(timeout) >= 0 && !inGrace) {
        throw Kind.LOCKED.failure("lock", target.location(), "in use: " + holder.get().described());
      }
      if (!announced && !inGrace) {
        run.tell(new BackupEvent.WaitingFor(holder.get().described()));
        announced = true;
      }
      pause();
    }
  }

  /**
   * To be called before anything is made visible or removed: asks the store whether the entry was
   * treated as stale meanwhile, such as while the host slept.
   *
   * @throws BackupException of kind {@code LOCKED} when it was
   */
  public void requireHeld() throws IOException {
    if (heartbeat.isEmpty() || isLost(heartbeat.get())) {
      throw Kind.LOCKED.failure(
          "lock", target.location(), "the lock of this run was taken over or removed");
    }
  }

  /** A run that only tries has an entry, too, which it takes back when it sees this one. */
  private boolean isLost(LockHeartbeat held) throws IOException {
    long started = nanoClock.getAsLong();
    while (true) {
      Optional<Instant> own = held.look().map(ObjectInfo::modified);
      if (own.isEmpty()) {
        return true;
      }
      if (active(others(held), own).isEmpty()) {
        return false;
      }
      if (nanoClock.getAsLong() - started >= timings.grace().toNanos()) {
        return true;
      }
      pause();
    }
  }

  /** Releases the lock. An entry that stays becomes stale after a while. */
  public void release() throws IOException {
    Optional<LockHeartbeat> held = heartbeat;
    heartbeat = Optional.empty();
    if (held.isPresent()) {
      try {
        held.get().close();
      } catch (BackupException e) {
        if (e.kind() != Kind.DENIED || !isKept()) {
          Undo.after(e, () -> keep(e.kind()));
          throw e;
        }
        LOG.debug("The lock of this run stays in {}", target.location(), e);
      }
    }
  }

  /** Whether an earlier run of this home may not have deleted here, and has told so. */
  public boolean isKept() {
    return own.filter(OwnEntry::kept).isPresent();
  }

  /** The next run of the home writes the entry again, and tells nothing. */
  private void keep(Kind why) throws IOException {
    Optional<OwnEntry> kept = own.filter(entry -> entry.home().isPresent()).map(OwnEntry::asKept);
    if (kept.isPresent() && why == Kind.DENIED && target.traits().atomicReplace()) {
      Owner owner = Owner.ofThisProcess(run.clock());
      kept.get().write(target, kept.get().content(installationId, work, owner));
    }
  }

  /** As {@link #release}, where a lock that stays is only worth a line in the log. */
  @Override
  public void close() {
    try {
      release();
    } catch (IOException | RuntimeException e) {
      LOG.warn("The lock of this run stays in {}", target.location(), e);
    }
  }

  /** The entry of the run that has it; empty when this one does. */
  private Optional<LockEntry> tryToTake() throws IOException {
    List<LockEntry> there = LockEntry.of(target, installationId);
    OwnEntry entry = OwnEntry.among(there, installationId, home, target);
    Optional<LockEntry> holder =
        active(there.stream().filter(e -> !entry.is(e)).toList(), Optional.empty());
    if (holder.isPresent()) {
      return holder;
    }
    SmallContent content = entry.content(installationId, work, Owner.ofThisProcess(run.clock()));
    LockHeartbeat beating =
        new LockHeartbeat(target, entry.name(), content, timings.expiry(), stopwatch());
    own = Optional.of(entry);
    try {
      ObjectInfo written = entry.write(target, content);
      List<LockEntry> others = others(beating);
      holder = active(others, Optional.of(storedTime(entry.name(), written)));
      if (holder.isEmpty()) {
        others.forEach(this::remove);
        beating.start(timings.beat());
        heartbeat = Optional.of(beating);
        there.stream().filter(entry::is).filter(e -> !e.kept()).forEach(this::tellTakenOver);
      } else {
        beating.close();
      }
      return holder;
    } catch (IOException | RuntimeException e) {
      Undo.after(e, beating::close);
      throw e;
    }
  }

  private Stopwatch stopwatch() {
    return Stopwatch.start(run.clock(), nanoClock);
  }

  private List<LockEntry> others(LockHeartbeat own) throws IOException {
    return LockEntry.of(target, installationId).stream()
        .filter(entry -> !own.has(entry.object()))
        .toList();
  }

  private Instant storedTime(ObjectName own, ObjectInfo written) throws IOException {
    return target.stat(own).map(ObjectInfo::modified).orElse(written.modified());
  }

  private Optional<LockEntry> active(List<LockEntry> entries, Optional<Instant> storeTime) {
    return entries.stream().filter(entry -> isAlive(entry, storeTime)).findFirst();
  }

  /** Before anything was written, only our own clock can be asked, which may be wrong. */
  private boolean isAlive(LockEntry entry, Optional<Instant> storeTime) {
    Instant now = storeTime.orElse(run.clock().instant());
    return !entry.hadHome(home)
        && isFresh(entry, timings, now)
        && !unchanged.isFor(timings.expiry(), entry);
  }

  /** Of a process of this host no clock is asked: one that is suspended goes on some time. */
  static boolean isFresh(LockEntry entry, Timings timings, Instant now) {
    Optional<Owner> known = entry.owner().filter(Owner::isKnown);
    boolean renewed = entry.written().plus(timings.expiry()).isAfter(now);
    if (known.isEmpty()) {
      return renewed;
    }
    if (!known.get().isThisProcess()) {
      return !known.get().hasEnded();
    }
    // A copy of this library in another class loader knows its own entries only.
    return LockHeartbeat.isActive(entry.object())
        || (renewed && !LockHeartbeat.isLeft(entry.object()));
  }

  /** An entry that cannot be removed no longer counts, so its failure is only logged. */
  private void remove(LockEntry stale) {
    try {
      target.delete(stale.object());
      tellTakenOver(stale);
    } catch (IOException e) {
      LOG.atLevel(isKept() ? Level.DEBUG : Level.WARN)
          .setCause(e)
          .log("The lock of an ended run stays at {}/{}", target.location(), stale.object());
    }
  }

  private void tellTakenOver(LockEntry stale) {
    run.tell(new BackupEvent.LeftoverHandled("took over from " + stale.described()));
  }

  private void pause() throws IOException {
    long average = timings.retry().toMillis();
    try {
      waiter.await(
          Duration.ofMillis(average / 2 + ThreadLocalRandom.current().nextLong(average + 1)));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    run.checkCancelled();
  }
}
