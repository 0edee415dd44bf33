package dev.openmemory.backup.internal.target;

import static dev.openmemory.backup.spi.WriteOptions.REPLACE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.Cancellation.Interruption;
import dev.openmemory.backup.ObjectName;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.spi.Content;
import dev.openmemory.backup.testkit.FaultPlan;
import dev.openmemory.backup.testkit.FaultPlan.Verb;
import dev.openmemory.backup.testkit.FaultPlan.When;
import dev.openmemory.backup.testkit.FaultyBackupTarget;
import dev.openmemory.backup.testkit.InMemoryBackupTarget;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A store that waits for ever knows interrupts only. */
class CancellableBackupTargetTest {
  private static final Duration DEADLINE = Duration.ofSeconds(60);
  private static final ObjectName NAME = new ObjectName("b/openmemory.db");
  private static final Content CONTENT = out -> out.write(new byte[10]);

  private final InMemoryBackupTarget store = new InMemoryBackupTarget();
  private final Cancellation cancellation = new Cancellation();

  @ParameterizedTest
  @EnumSource(Verb.class)
  void eachCallEndsOnRequestAndTheTargetCanStillBeCleared(Verb verb) throws Exception {
    store.write(NAME, CONTENT, REPLACE);

    assertEnds(FaultPlan.on(verb), verb);
  }

  @Test
  void aStreamThatStallsHalfWayEndsOnRequest() throws Exception {
    store.write(NAME, CONTENT, REPLACE);

    assertEnds(FaultPlan.on(Verb.READ).afterBytes(4), Verb.READ);
  }

  private void assertEnds(When when, Verb verb) throws Exception {
    FaultPlan plan = when.stall();
    BackupTarget target =
        TargetStack.over(new FaultyBackupTarget(store, plan), false, cancellation);
    CompletableFuture<Throwable> outcome = new CompletableFuture<>();
    CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              Throwable thrown = catchThrowable(call(target, verb));
              interrupted.complete(Thread.currentThread().isInterrupted());
              outcome.complete(thrown);
            });
    thread.start();
    plan.awaitStalled(DEADLINE);

    cancellation.cancel();

    assertThat(outcome.get(DEADLINE.toSeconds(), TimeUnit.SECONDS))
        .isInstanceOfSatisfying(
            BackupException.class, e -> assertThat(e.kind()).isEqualTo(Kind.CANCELLED));
    assertThat(interrupted.get()).isFalse();
    target.delete(NAME);
    assertThat(target.list("")).isEmpty();
  }

  private static ThrowingCallable call(BackupTarget target, Verb verb) {
    return switch (verb) {
      case WRITE -> () -> target.write(NAME, CONTENT, REPLACE);
      case READ ->
          () -> {
            try (InputStream in = target.read(NAME, 0)) {
              in.transferTo(OutputStream.nullOutputStream());
            }
          };
      case STAT -> () -> target.stat(NAME);
      case LIST -> () -> target.list("");
      case DELETE -> () -> target.delete(NAME);
    };
  }

  @Test
  void aRequestAfterTheCallInterruptsNothing() {
    cancellation.interruptCaller().close();

    cancellation.cancel();

    assertThat(Thread.currentThread().isInterrupted()).isFalse();
  }

  @Test
  void anInterruptOfSomethingElseStays() {
    try (Interruption call = cancellation.interruptCaller()) {
      assertThat(call).isNotNull();
      Thread.currentThread().interrupt();
    }

    assertThat(Thread.interrupted()).isTrue();
  }
}
