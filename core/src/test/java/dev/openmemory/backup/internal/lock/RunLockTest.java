package dev.openmemory.backup.internal.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.ObjectName;
import dev.openmemory.backup.internal.catalog.LockEntry;
import dev.openmemory.backup.internal.lock.RunLock.Timings;
import dev.openmemory.backup.internal.process.Host;
import dev.openmemory.backup.internal.process.Owner;
import dev.openmemory.backup.internal.run.Run;
import dev.openmemory.backup.internal.target.WaitedTime;
import dev.openmemory.backup.internal.target.Waiter;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.spi.ForwardingBackupTarget;
import dev.openmemory.backup.spi.TargetTraits;
import dev.openmemory.backup.spi.WriteOptions;
import dev.openmemory.backup.testkit.InMemoryBackupTarget;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One run at a time for each installation, and none waits for an ended one. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class RunLockTest {
  private static final Timings STANDARD = Timings.STANDARD;
  private static final Duration LONG = Duration.ofMinutes(20);
  private static final Optional<String> HOME = Optional.of("this home");

  /** The thread that renews an entry waits for real. */
  private static final Timings RENEWED_AT_ONCE =
      new Timings(Duration.ofMillis(1), STANDARD.expiry(), STANDARD.retry(), STANDARD.grace());

  /** For threads that wait for real. */
  private static final Timings IMPATIENT =
      new Timings(
          Duration.ofMillis(5), STANDARD.expiry(), Duration.ofMillis(2), Duration.ofMinutes(2));

  @TempDir Path temp;
  private final WaitedTime time = new WaitedTime();
  private final InMemoryBackupTarget store = new InMemoryBackupTarget(time);
  private Run run;

  /** Kinds of stores. */
  enum Store {
    IN_MEMORY,
    WITHOUT_REPLACE
  }

  @BeforeEach
  void begin() throws IOException {
    run = Run.writing(Run.Settings.of(store).withScratch(temp).withClock(time));
  }

  @AfterEach
  void end() throws IOException {
    run.close();
  }

  @ParameterizedTest
  @EnumSource
  void neverTwoAtOnceAndEachOneInTheEnd(Store kind) throws Exception {
    BackupTarget target = target(kind);
    AtomicInteger inside = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<?>> runs = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        runs.add(
            threads.submit(
                () -> {
                  try (RunLock lock =
                      new RunLock(run, target, "a", "backup", Optional.empty(), IMPATIENT)) {
                    lock.take(LONG);
                    most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                    Thread.sleep(5);
                    lock.requireHeld();
                    inside.decrementAndGet();
                  }
                  return null;
                }));
      }
      for (Future<?> future : runs) {
        future.get();
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(most).hasValue(1);
    assertThat(target.list("")).isEmpty();
  }

  @Test
  void otherInstallationsAreNotInTheWay() throws IOException {
    try (RunLock one = take("a", Duration.ZERO);
        RunLock other = take("b", Duration.ZERO)) {
      one.requireHeld();
      other.requireHeld();
      assertThat(new LockList(store, time).all())
          .extracting(lock -> lock.installationId() + " " + lock.work() + " " + lock.live())
          .containsExactlyInAnyOrder("a backup true", "b backup true");
    }
  }

  @Test
  void aRunThatFindsAnActiveOneWaitsAndReportsIt() throws IOException {
    try (RunLock held = take("a", Duration.ZERO)) {
      assertThatThrownBy(() -> take("a", Duration.ofMinutes(2)))
          .isInstanceOfSatisfying(
              BackupException.class, e -> assertThat(e.kind()).isEqualTo(Kind.LOCKED))
          .hasMessageContaining("backup by process " + ProcessHandle.current().pid());
      held.requireHeld();
    }
    assertThat(store.list("")).isEmpty();
  }

  @Test
  void aRunOnAnotherHostHasEndedWhenItsEntryIsNotRenewed() throws IOException {
    writeEntryOfElsewhere(time.instant());
    assertThatThrownBy(() -> take("a", Duration.ofMinutes(1))).hasMessageContaining("elsewhere");
    time.pass(STANDARD.expiry());
    try (RunLock lock = take("a", Duration.ZERO)) {
      lock.requireHeld();
      assertThat(store.list("")).hasSize(1);
    }
  }

  @Test
  void aRunOnAnotherHostHasEndedAlsoWhenItsEntryIsOfTomorrow() throws IOException {
    writeEntryOfElsewhere(time.instant().plus(Duration.ofDays(1)));
    take("a", LONG).close();
  }

  @Test
  void anEntryOfAnEndedProcessOfThisHostIsStaleAtOnce() throws IOException {
    Owner ended = new Owner(Host.here(), 1, "never", time.instant());
    store.write(
        LockEntry.newName("a"),
        LockEntry.content("a", "backup", ended, Optional.empty(), false),
        WriteOptions.CREATE_ONLY);
    try (RunLock lock = take("a", Duration.ZERO)) {
      lock.requireHeld();
      assertThat(store.list("")).hasSize(1);
    }
  }

  @Test
  void anEntryThatIsRenewedIsNotTakenOver() throws IOException {
    try (RunLock held = take("a", Duration.ZERO, RENEWED_AT_ONCE, time)) {
      Waiter keepingStep =
          wait -> {
            time.pass(wait.multipliedBy(30));
            Instant beat = time.instant().minus(STANDARD.beat());
            awaitSoon(() -> store.list("").get(0).modified().isAfter(beat));
          };
      assertThatThrownBy(() -> take("a", LONG, STANDARD, keepingStep))
          .isInstanceOf(BackupException.class);
      held.requireHeld();
    }
  }

  @Test
  void aRunWhoseEntryIsGoneNoticesIt() throws Exception {
    try (RunLock held = take("a", Duration.ZERO, RENEWED_AT_ONCE, time)) {
      assertThat(new LockList(store, time).remove(false)).isEmpty();
      assertThat(new LockList(store, time).remove(true)).hasSize(1);
      // What is renewed at the very moment comes back.
      awaitSoon(
          () -> {
            new LockList(store, time).remove(true);
            return isLost(held);
          });
    }
    assertThat(store.list("")).isEmpty();
  }

  /** Its host has slept, or its clock or that of the store was set: nothing was taken over. */
  @Test
  void aRunThatWasSilentRenewsItsEntryAndGoesOnWhenNoOtherRunHasBegun() throws IOException {
    try (RunLock held = take("a", Duration.ZERO)) {
      time.pass(Duration.ofHours(1));
      held.requireHeld();
      assertThat(store.list("").get(0).modified()).isEqualTo(time.instant());
      time.pass(Duration.ofHours(-2));
      held.requireHeld();
    }
    assertThat(store.list("")).isEmpty();
  }

  /** The other run has taken our entry for stale, and has not removed it yet. */
  @Test
  void aRunThatWasSilentSeesTheOneThatHasBegunMeanwhile() throws IOException {
    try (RunLock held = take("a", Duration.ZERO)) {
      time.pass(Duration.ofHours(1));
      writeEntryOfElsewhere(time.instant());
      assertThat(isLost(held)).isTrue();
    }
  }

  @Test
  void aRunThatOnlyTriesDoesNotEndTheOneThatHasTheLock() throws IOException {
    ObjectName trying = LockEntry.newName("a");
    Waiter takesItBack = duration -> assertThatNoException().isThrownBy(() -> store.delete(trying));
    try (RunLock held = take("a", Duration.ZERO, STANDARD, takesItBack)) {
      store.write(
          trying,
          LockEntry.content("a", "backup", Owner.ofThisProcess(time), Optional.empty(), false),
          WriteOptions.CREATE_ONLY);

      held.requireHeld();
    }
  }

  /** Such as one that is suspended, or one after its clock was set by an hour. */
  @Test
  void aProcessOfThisHostThatLivesKeepsItsLockWhateverTheClocksSay() throws IOException {
    for (Optional<String> home : List.of(Optional.<String>empty(), Optional.of("another home"))) {
      for (Duration off : List.of(Duration.ofHours(-1), Duration.ZERO, Duration.ofHours(1))) {
        long process = writeEntryOfParent(home, off);
        assertThatThrownBy(this::takeWithHome).hasMessageContaining("process " + process);
        assertThat(new LockList(store, time).remove(false)).isEmpty();
        assertThat(new LockList(store, time).remove(true)).hasSize(1);
      }
    }
  }

  /** Its process lives and could not remove the entry, but the system has given us its home. */
  @Test
  void aRunThatHadTheHomeThatThisOneHasNowHasEnded() throws IOException {
    writeEntryOfParent(HOME, Duration.ZERO);
    try (RunLock lock = takeWithHome()) {
      lock.requireHeld();
      assertThat(store.list("")).hasSize(1);
    }
    writeEntryOfElsewhere(time.instant());
    assertThatThrownBy(this::takeWithHome).hasMessageContaining("elsewhere");
  }

  private long writeEntryOfParent(Optional<String> home, Duration off) throws IOException {
    ProcessHandle parent = ProcessHandle.current().parent().orElseThrow();
    String start = parent.info().startInstant().map(Instant::toString).orElse("");
    Owner living = new Owner(Host.here(), parent.pid(), start, Instant.EPOCH);
    store.write(
        LockEntry.newName("a"),
        LockEntry.content("a", "backup", living, home, false),
        WriteOptions.CREATE_ONLY.withModified(time.instant().plus(off)));
    return parent.pid();
  }

  @Test
  void anInterruptEndsTheWaitAndLeavesNothing() throws IOException {
    try (RunLock held = take("a", Duration.ZERO)) {
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> take("a", LONG))
          .isInstanceOfSatisfying(
              BackupException.class, e -> assertThat(e.kind()).isEqualTo(Kind.CANCELLED));
      assertThat(Thread.interrupted()).isTrue();
      assertThat(store.list("")).hasSize(1);
      held.requireHeld();
    }
  }

  private static boolean isLost(RunLock lock) {
    try {
      lock.requireHeld();
      return false;
    } catch (BackupException e) {
      return e.kind() == Kind.LOCKED;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private RunLock take(String installation, Duration timeout) throws IOException {
    return take(installation, timeout, STANDARD, time);
  }

  private RunLock takeWithHome() throws IOException {
    RunLock lock = new RunLock(run, store, "a", "backup", HOME, STANDARD, time, time::nanos);
    lock.take(Duration.ZERO);
    return lock;
  }

  private RunLock take(String installation, Duration timeout, Timings timings, Waiter waiter)
      throws IOException {
    RunLock lock =
        new RunLock(
            run, store, installation, "backup", Optional.empty(), timings, waiter, time::nanos);
    lock.take(timeout);
    return lock;
  }

  private static void awaitSoon(Callable<Boolean> condition) {
    long end = System.nanoTime() + Duration.ofMinutes(1).toNanos();
    try {
      while (!condition.call()) {
        assertThat(System.nanoTime()).isLessThan(end);
        Thread.sleep(1);
      }
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private void writeEntryOfElsewhere(Instant modified) throws IOException {
    Owner owner = new Owner(new Host("elsewhere", "m", "b"), 7, "", time.instant());
    store.write(
        LockEntry.newName("a"),
        LockEntry.content("a", "backup", owner, HOME, false),
        WriteOptions.CREATE_ONLY.withModified(modified));
  }

  private BackupTarget target(Store kind) {
    return switch (kind) {
      case IN_MEMORY -> store;
      case WITHOUT_REPLACE ->
          new ForwardingBackupTarget(store) {
            @Override
            public TargetTraits traits() {
              TargetTraits all = super.traits();
              return new TargetTraits(
                  false,
                  all.exclusiveCreate(),
                  all.modificationTimes(),
                  all.maxObjectSize(),
                  all.bufferBytes());
            }
          };
    };
  }
}
