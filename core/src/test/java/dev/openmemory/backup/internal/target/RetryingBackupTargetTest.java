package dev.openmemory.backup.internal.target;

import static dev.openmemory.backup.sample.Failures.failureOf;
import static dev.openmemory.backup.spi.WriteOptions.CREATE_ONLY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.ObjectName;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.spi.Content;
import dev.openmemory.backup.spi.ForwardingBackupTarget;
import dev.openmemory.backup.spi.ObjectInfo;
import dev.openmemory.backup.testkit.FaultPlan;
import dev.openmemory.backup.testkit.FaultPlan.Verb;
import dev.openmemory.backup.testkit.FaultyBackupTarget;
import dev.openmemory.backup.testkit.InMemoryBackupTarget;
import java.io.IOException;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RetryingBackupTargetTest {
  private static final ObjectName NAME = new ObjectName("b/openmemory.db");
  private static final byte[] BYTES = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
  private static final Content ONCE = out -> out.write(BYTES);
  private static final Content REPEATABLE = new Repeatable();

  private final InMemoryBackupTarget store = new InMemoryBackupTarget();
  private final List<Duration> pauses = new ArrayList<>();

  @Test
  void whatPassesIsTriedAgain() throws Exception {
    FaultyBackupTarget faulty =
        faulty(
            FaultPlan.on(Verb.WRITE).afterBytes(5).fail(Kind.UNAVAILABLE).times(2),
            FaultPlan.on(Verb.STAT).fail(Kind.TIMEOUT),
            FaultPlan.on(Verb.LIST).fail(Kind.UNAVAILABLE),
            FaultPlan.on(Verb.DELETE).fail(Kind.TIMEOUT));
    BackupTarget target = retrying(faulty);

    target.write(NAME, REPEATABLE, CREATE_ONLY);
    assertThat(target.stat(NAME)).isPresent();
    assertThat(target.list("")).hasSize(1);
    target.delete(NAME);

    faulty.verifyAllFired();
    assertThat(store.list("")).isEmpty();
    assertThat(pauses).hasSize(5);
  }

  @Test
  void whatStaysIsNotTriedAgain() {
    for (Kind kind : Kind.values()) {
      if (!kind.isTransient()) {
        BackupTarget target = retrying(faulty(FaultPlan.on(Verb.LIST).fail(kind)));
        assertFails(kind, () -> target.list(""));
      }
    }
    assertThat(pauses).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(classes = {ConnectException.class, UnknownHostException.class})
  void patienceIsForStoresThatWereThere(Class<? extends IOException> nothing) throws Exception {
    IOException cause = nothing.getConstructor().newInstance();
    AtomicBoolean there = new AtomicBoolean();
    BackupTarget target =
        retrying(
            new ForwardingBackupTarget(store) {
              @Override
              public List<ObjectInfo> list(String prefix) throws IOException {
                if (there.get()) {
                  return super.list(prefix);
                }
                throw Kind.UNAVAILABLE.failure("list", "x", "no answer", new Exception(cause));
              }
            });

    assertFails(Kind.UNAVAILABLE, () -> target.list(""));
    assertThat(pauses).hasSize(1);

    there.set(true);
    target.list("");
    there.set(false);
    assertFails(Kind.UNAVAILABLE, () -> target.list(""));
    assertThat(pauses).hasSizeGreaterThan(3);
  }

  @Test
  void contentThatWasAskedAndCannotRepeatIsNotTriedAgain() {
    BackupTarget target =
        retrying(faulty(FaultPlan.on(Verb.WRITE).afterBytes(1).fail(Kind.UNAVAILABLE)));

    assertFails(Kind.UNAVAILABLE, () -> target.write(NAME, ONCE, CREATE_ONLY));

    assertThat(pauses).isEmpty();
  }

  @Test
  void contentThatWasNotYetAskedIsTriedAgain() throws Exception {
    BackupTarget target = retrying(faulty(FaultPlan.on(Verb.WRITE).fail(Kind.UNAVAILABLE)));

    target.write(NAME, ONCE, CREATE_ONLY);

    assertThat(store.stat(NAME)).isPresent();
  }

  @Test
  void theLastFailureCarriesTheEarlierOnes() {
    FaultyBackupTarget faulty =
        faulty(
            FaultPlan.on(Verb.LIST).fail(Kind.UNAVAILABLE).times(2),
            FaultPlan.on(Verb.LIST).fail(Kind.TIMEOUT));
    // Both plans concern the first call; one of them fires in each.
    BackupException failure = assertFails(Kind.TIMEOUT, () -> retrying(faulty, 3).list(""));

    assertThat(failure.getSuppressed())
        .hasSize(2)
        .allMatch(e -> ((BackupException) e).kind() == Kind.UNAVAILABLE);
    assertThat(pauses).hasSize(2);
  }

  @Test
  void theSameExceptionThrownEachTimeIsThrownAsItIs() {
    IOException same = new BackupException(Kind.UNAVAILABLE, "read", "elsewhere", "away");
    Content failing =
        new Repeatable() {
          @Override
          public void writeTo(OutputStream out) throws IOException {
            throw same;
          }
        };

    Throwable thrown = catchThrowable(() -> retrying(store, 3).write(NAME, failing, CREATE_ONLY));

    assertThat(thrown).isSameAs(same).hasNoSuppressedExceptions();
  }

  @Test
  void anInterruptedThreadDoesNotTryAgain() {
    FaultyBackupTarget faulty = faulty(FaultPlan.on(Verb.LIST).fail(Kind.UNAVAILABLE));
    Thread.currentThread().interrupt();

    Throwable thrown = catchThrowable(() -> retrying(faulty).list(""));

    assertThat(Thread.interrupted()).as("interrupt flag").isTrue();
    assertThat(thrown).isInstanceOf(BackupException.class);
    assertThat(pauses).isEmpty();
  }

  @Test
  void anInterruptEndsThePause() {
    FaultyBackupTarget faulty = faulty(FaultPlan.on(Verb.LIST).fail(Kind.UNAVAILABLE));
    Waiter interrupted =
        pause -> {
          Thread.currentThread().interrupt();
          Waiter.SLEEP.await(Duration.ofHours(1));
        };
    BackupTarget target = new RetryingBackupTarget(faulty, Backoff.DEFAULT, interrupted);

    BackupException failure = assertFails(Kind.CANCELLED, () -> target.list(""));

    assertThat(Thread.interrupted()).as("interrupt flag").isTrue();
    assertThat(failure.getSuppressed()).hasSize(1);
  }

  @Test
  void pausesDoubleUpToTheLongestAndKeepAtLeastHalf() {
    Backoff backoff = new Backoff(100, Duration.ofMillis(100), Duration.ofMillis(1000));

    assertThat(List.of(1, 2, 3, 4, 5, 99).stream().map(n -> backoff.pause(n, 1).toMillis()))
        .containsExactly(100L, 200L, 400L, 800L, 1000L, 1000L);
    assertThat(backoff.pause(3, 0)).hasMillis(200);
  }

  private FaultyBackupTarget faulty(FaultPlan... plans) {
    return new FaultyBackupTarget(store, plans);
  }

  private BackupTarget retrying(BackupTarget target) {
    return retrying(target, Backoff.DEFAULT.attempts());
  }

  private BackupTarget retrying(BackupTarget target, int attempts) {
    Backoff backoff = new Backoff(attempts, Duration.ofMillis(100), Duration.ofSeconds(10));
    return new RetryingBackupTarget(target, backoff, pauses::add);
  }

  private static BackupException assertFails(Kind kind, ThrowingCallable call) {
    BackupException failure = failureOf(call);
    assertThat(failure.kind()).isEqualTo(kind);
    return failure;
  }

  private static class Repeatable implements Content {
    @Override
    public void writeTo(OutputStream out) throws IOException {
      out.write(BYTES);
    }

    @Override
    public boolean repeatable() {
      return true;
    }
  }
}
