package dev.openmemory.backup.internal.lock;

import dev.openmemory.backup.BackupEvent;
import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Warning;
import dev.openmemory.backup.internal.file.Disk;
import dev.openmemory.backup.internal.file.FileFailure;
import dev.openmemory.backup.internal.lock.HomeLockFile.Attempt;
import dev.openmemory.backup.internal.parallel.Uninterrupted;
import dev.openmemory.backup.internal.process.Owner;
import dev.openmemory.backup.internal.run.Run;
import dev.openmemory.backup.internal.target.Waiter;
import dev.openmemory.backup.internal.text.Sha256;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps two runs from changing, or capturing, one installation at once. It is a lock of the
 * operating system, which is free as soon as its process has ended, whatever the clock says.
 */
public final class HomeLock implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(HomeLock.class);
  private static final int MARK = 16;
  private static final Duration RETRY = Duration.ofMillis(250);

  /** Those of this process, by what distinguishes one folder from another. */
  private static final Map<Object, HomeLock> HELD = new ConcurrentHashMap<>();

  private final Path home;
  private final HomeLockEntry entry;
  private final Object key;
  private final boolean madeHome;
  private Optional<HomeLockFile> file = Optional.empty();
  private Optional<Beats> beats = Optional.empty();

  private HomeLock(Path home, HomeLockEntry entry, Object key, boolean madeHome) {
    this.home = home;
    this.entry = entry;
    this.key = key;
    this.madeHome = madeHome;
  }

  /**
   * For a run that only reads the home: waits for others as long as the run may. A home that cannot
   * be written is locked against runs that can, as far as one has ever been there.
   *
   * @throws BackupException of kind {@code LOCKED}, naming the other run
   */
  public static HomeLock await(Run run, Path home, String work) throws IOException {
    return await(run, home, work, Waiter.until(run.context().cancellation()));
  }

  static HomeLock await(Run run, Path home, String work, Waiter waiter) throws IOException {
    HomeLock lock = of(home, work, run.clock(), false);
    Duration waited = Duration.ZERO;
    while (true) {
      run.checkCancelled();
      Optional<String> holder = Uninterrupted.call(() -> lock.attempt(true));
      if (holder.isEmpty()) {
        lock.warning().ifPresent(run::warn);
        return lock;
      }
      if (waited.compareTo(run.lockTimeout()) >= 0) {
        throw lock.locked(holder.get());
      }
      if (waited.isZero()) {
        run.tell(new BackupEvent.WaitingFor(holder.get()));
      }
      pause(waiter);
      waited = waited.plus(RETRY);
    }
  }

  private static void pause(Waiter waiter) throws BackupException {
    try {
      waiter.await(RETRY);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * For a run that changes the installation; makes the home.
   *
   * @throws BackupException of kind {@code LOCKED} when another run is active, naming it
   */
  public static HomeLock take(Path home, String work, Clock clock) throws IOException {
    return take(home, work, clock, warning -> LOG.warn("{}", warning.message()));
  }

  /** The same; the run gets the warning when the file system has no locks. */
  public static HomeLock take(Run run, Path home, String work) throws IOException {
    return take(home, work, run.clock(), run::warn);
  }

  private static HomeLock take(Path home, String work, Clock clock, Consumer<Warning> warnings)
      throws IOException {
    boolean made = !Files.exists(home);
    try {
      Files.createDirectories(home);
    } catch (IOException e) {
      throw FileFailure.of(work, home, e);
    }
    HomeLock lock = of(home, work, clock, made);
    Optional<String> holder = Uninterrupted.call(() -> lock.attempt(false));
    if (holder.isPresent()) {
      throw lock.locked(holder.get());
    }
    lock.warning().ifPresent(warnings);
    return lock;
  }

  private static HomeLock of(Path home, String work, Clock clock, boolean made) {
    HomeLockEntry entry = new HomeLockEntry(work, Owner.ofThisProcess(clock));
    return new HomeLock(home, entry, key(home), made);
  }

  /** The owner of what this process is about to record in the home. */
  public static Owner owner(Path home, Clock clock) {
    Owner owner = Owner.ofThisProcess(clock);
    return isExclusive(home) ? owner.withLock() : owner;
  }

  /** Whether our having the lock shows that the owner of a record in the home is gone. */
  public static boolean showsGone(Path home, Owner owner) {
    return owner.locked() && isExclusive(home);
  }

  /** What no other home of this host has; empty while this process does not have it alone. */
  public static Optional<String> mark(Path home) {
    return isExclusive(home)
        ? Optional.of(Sha256.of(key(home).toString()).substring(0, MARK))
        : Optional.empty();
  }

  private static boolean isExclusive(Path home) {
    HomeLock held = HELD.get(key(home));
    return held != null && held.file.filter(HomeLockFile::isExclusive).isPresent();
  }

  /**
   * To be called before anything is published or exchanged. Without a lock of this process there is
   * nothing to lose.
   *
   * @throws BackupException of kind {@code LOCKED} when another run has taken it over
   */
  public static void requireHeld(Path home) throws IOException {
    HomeLock held = HELD.get(key(home));
    if (held != null && held.file.isPresent()) {
      HomeLockFile file = held.file.get();
      if (!Uninterrupted.<Boolean, IOException>call(file::isHeld)) {
        throw held.locked("the lock of this run was taken over or removed");
      }
    }
  }

  /** The run that has it, for people; empty when this one does. */
  private Optional<String> attempt(boolean onlyReads) throws IOException {
    HomeLock other = HELD.putIfAbsent(key, this);
    if (other != null) {
      return Optional.of(other.entry.described());
    }
    boolean taken = false;
    try {
      Optional<Attempt> attempt = onlyReads ? attemptOrRead() : Optional.of(attemptToWrite());
      Optional<String> holder = attempt.map(Attempt::holder).filter(text -> !text.isEmpty());
      taken = holder.isEmpty();
      file = attempt.flatMap(Attempt::file);
      beats = file.map(f -> Beats.start("openmemory-backup-home", HomeLockEntry.BEAT, f::renew));
      return holder;
    } finally {
      if (!taken) {
        HELD.remove(key, this);
      }
    }
  }

  private Attempt attemptToWrite() throws IOException {
    try {
      return HomeLockFile.attempt(home, entry);
    } catch (IOException e) {
      throw FileFailure.of("lock", home, e);
    }
  }

  private Optional<Attempt> attemptOrRead() throws IOException {
    try {
      return Optional.of(HomeLockFile.attempt(home, entry));
    } catch (BackupException e) {
      throw e;
    } catch (IOException e) {
      LOG.debug("{} cannot be locked for writing", home, e);
      return HomeLockFile.attemptToRead(home);
    }
  }

  private Optional<Warning> warning() {
    return file.filter(f -> !f.isBySystem())
        .map(
            f ->
                new Warning(
                    "home-not-locked",
                    "the file system of "
                        + home
                        + " has no locks; do not start another backup or restore meanwhile"));
  }

  private BackupException locked(String holder) {
    return Kind.LOCKED.failure("lock", home.toString(), "in use: " + holder);
  }

  /** What distinguishes one folder from another, also by another name. */
  private static Object key(Path home) {
    try {
      Object key = Files.readAttributes(home, BasicFileAttributes.class).fileKey();
      return Objects.requireNonNullElse(key, home.toRealPath());
    } catch (IOException e) {
      return home.toAbsolutePath().normalize();
    }
  }

  /** Gives it back, also on an interrupted thread. A file that stays keeps no run away. */
  @Override
  public void close() {
    beats.ifPresent(Beats::end);
    try {
      if (file.isPresent()) {
        HomeLockFile held = file.get();
        Uninterrupted.<IOException>run(held::close);
      }
      if (madeHome) {
        Disk.deleteIfEmpty(home);
      }
    } catch (IOException | RuntimeException e) {
      LOG.warn("The file of the lock on {} stays", home, e);
    } finally {
      HELD.remove(key, this);
    }
  }
}
