package dev.openmemory.backup.storage.s3;

import static dev.openmemory.backup.storage.s3.StoreRequest.Kind.ABORT;
import static dev.openmemory.backup.storage.s3.StoreRequest.Kind.COMPLETE;
import static dev.openmemory.backup.storage.s3.StoreRequest.Kind.CREATE;
import static dev.openmemory.backup.storage.s3.StoreRequest.Kind.GET;
import static dev.openmemory.backup.storage.s3.StoreRequest.Kind.HEAD;
import static dev.openmemory.backup.storage.s3.StoreRequest.Kind.LIST;
import static dev.openmemory.backup.storage.s3.StoreRequest.Kind.PUT_OBJECT;
import static dev.openmemory.backup.storage.s3.StoreRequest.Kind.PUT_PART;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.internal.target.TargetStack;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.spi.WriteOptions;
import java.io.Closeable;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.assertj.core.api.ThrowingConsumer;
import org.junit.jupiter.api.Test;

/** Interrupts while the store is silent, which without one would last for ever. */
class S3InterruptTest extends OnFaultyStore {
  private static final Duration DEADLINE = Duration.ofSeconds(60);

  @Test
  void endsAWriteWhoseWorkersAllStall() throws Exception {
    target().traits();

    assertInterruptible(
        PUT_PART.visible(),
        () -> target().write(NAME, content(6 * PART), WriteOptions.CREATE_ONLY));

    assertThat(store().requests(COMPLETE.visible())).isEmpty();
  }

  @Test
  void endsAWriteWhoseLastPartStalls() throws Exception {
    assertInterruptible(PUT_PART.part(3), () -> write(LARGE));
  }

  @Test
  void endsAWriteOfASmallObject() throws Exception {
    assertInterruptible(PUT_OBJECT.visible(), () -> write(SMALL));
  }

  @Test
  void endsTheBeginningOfAnUpload() throws Exception {
    assertInterruptible(CREATE.visible(), () -> write(LARGE));
  }

  @Test
  void endsTheEndOfAnUpload() throws Exception {
    assertInterruptible(COMPLETE.visible(), () -> write(LARGE));
  }

  @Test
  void endsAWaitForTheBeginningOfAnAnswer() throws Exception {
    writeForeign(SMALL);
    assertHolds(SMALL);

    assertInterruptible(GET.visible(), () -> target().read(NAME, 0).close());
    assertInterruptible(HEAD.visible(), () -> target().stat(NAME));
    assertInterruptible(LIST, () -> target().list(""));
  }

  @Test
  void endsAWaitForTheRestOfAnAnswer() throws Exception {
    writeForeign(PART);
    assertHolds(PART);
    CountDownLatch halted = new CountDownLatch(1);
    store()
        .next(
            GET.visible(),
            exchange -> {
              exchange.replyPart(exchange.forward(), PART / 2);
              halted.countDown();
              exchange.awaitEnd();
            });

    assertCancelled(halted, () -> target().read(NAME, 0).readAllBytes());
  }

  @Test
  @SuppressWarnings("try")
  void endsAWaitForAFreeConnection() throws Exception {
    writeForeign(PART);
    assertHolds(PART);
    try (Closeable readers = occupyAllConnections()) {
      assertCancelled(S3InterruptTest::awaitWaiting, () -> target().stat(NAME));
    }
  }

  @Test
  void endsAPauseBeforeAnotherAttempt() throws Exception {
    reopenPausing(Duration.ofHours(1));

    assertPauseEnds(HEAD.visible(), Fault.error(503, "SlowDown"), () -> target().stat(NAME));
  }

  @Test
  void endsAPauseAfterAConflictWithAnotherWriter() throws Exception {
    reopenPausing(Duration.ofHours(1));
    Fault conflict = Fault.error(409, "ConditionalRequestConflict");

    assertPauseEnds(COMPLETE.visible(), conflict, () -> write(LARGE));
    assertPauseEnds(PUT_OBJECT.visible(), conflict, () -> write(SMALL));
  }

  private void assertPauseEnds(Predicate<StoreRequest> requests, Fault fault, ThrowingCallable call)
      throws Exception {
    CountDownLatch refused = new CountDownLatch(1);
    store()
        .next(
            requests,
            exchange -> {
              fault.happen(exchange);
              refused.countDown();
            });

    assertCancelled(
        thread -> {
          assertThat(refused.await(DEADLINE.toSeconds(), TimeUnit.SECONDS)).isTrue();
          awaitWaiting(thread);
        },
        call);
  }

  @Test
  void aCancellationEndsAWriteBelowAllLayers() throws Exception {
    Cancellation cancellation = new Cancellation();
    BackupTarget stack = TargetStack.over(target(), false, cancellation);
    CountDownLatch stalled = stall(PUT_PART.part(2));
    CompletableFuture<Throwable> outcome =
        CompletableFuture.supplyAsync(
            () ->
                catchThrowable(() -> stack.write(NAME, content(LARGE), WriteOptions.CREATE_ONLY)));
    assertThat(stalled.await(DEADLINE.toSeconds(), TimeUnit.SECONDS)).isTrue();

    cancellation.cancel();

    assertThat(outcome.get(DEADLINE.toSeconds(), TimeUnit.SECONDS))
        .isInstanceOfSatisfying(
            BackupException.class, e -> assertThat(e.kind()).isEqualTo(Kind.CANCELLED));
  }

  @Test
  void anAbortThatStallsAfterAnInterruptIsLeftToASweep() throws Exception {
    store().always(ABORT.visible(), Fault.stallAfter(0));

    assertInterruptible(PUT_PART.part(2), () -> write(LARGE));

    store().heal();
    assertThat(target().sweepLeftovers()).hasSize(1);
  }

  @Test
  void endsAWriteToAStoreThatHasGoneSilentForGood() throws Exception {
    reopenCleaningUpWithin(Duration.ofMillis(200));
    CountDownLatch stalled = new CountDownLatch(1);
    store()
        .next(
            PUT_PART.part(2),
            exchange -> {
              store().always(request -> true, FaultyStore.Exchange::awaitEnd);
              stalled.countDown();
              exchange.awaitEnd();
            });

    assertCancelled(stalled, () -> target().write(NAME, content(LARGE), WriteOptions.REPLACE));

    store().heal();
    // As the next process does: the record could not be retired.
    assertThat(records()).hasSize(1);
    raw().deleteObject(r -> r.bucket(bucket()).key(records().get(0)));
    abortAll();
  }

  /** The requests stall; an interrupt ends the call that made one. */
  private void assertInterruptible(Predicate<StoreRequest> requests, ThrowingCallable call)
      throws Exception {
    assertCancelled(stall(requests), call);
  }

  /** The requests stall; counts down when one of them does. */
  private CountDownLatch stall(Predicate<StoreRequest> requests) {
    CountDownLatch stalled = new CountDownLatch(1);
    store()
        .always(
            requests,
            exchange -> {
              stalled.countDown();
              exchange.awaitEnd();
            });
    return stalled;
  }

  @Test
  void aWaitForTheAnswerOfAnotherThreadEndsByAnInterrupt() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch answered = new CountDownLatch(1);
    store()
        .next(
            PUT_OBJECT.hidden(),
            exchange -> {
              asked.countDown();
              answered.await();
              Fault.none().happen(exchange);
            });
    Thread first = new Thread(() -> target().traits());
    first.start();
    asked.await();
    Thread second = new Thread(() -> target().traits());
    second.start();
    while (second.getState() != Thread.State.WAITING && second.getState() != Thread.State.BLOCKED) {
      Thread.onSpinWait();
    }

    second.interrupt();
    second.join(Duration.ofSeconds(20).toMillis());

    boolean ended = !second.isAlive();
    answered.countDown();
    first.join();
    second.join();
    assertThat(ended).isTrue();
  }

  private static void awaitWaiting(Thread thread) throws InterruptedException {
    long deadline = System.nanoTime() + DEADLINE.toNanos();
    while (thread.getState() != Thread.State.TIMED_WAITING && System.nanoTime() < deadline) {
      Thread.sleep(1);
    }
  }

  private static void assertCancelled(CountDownLatch stalled, ThrowingCallable call)
      throws Exception {
    assertCancelled(
        thread ->
            assertThat(stalled.await(DEADLINE.toSeconds(), TimeUnit.SECONDS))
                .as("stalled")
                .isTrue(),
        call);
  }

  private static void assertCancelled(ThrowingConsumer<Thread> awaitStalled, ThrowingCallable call)
      throws Exception {
    CompletableFuture<Throwable> outcome = new CompletableFuture<>();
    CompletableFuture<Boolean> flag = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              Throwable thrown = catchThrowable(call);
              flag.complete(Thread.currentThread().isInterrupted());
              outcome.complete(thrown);
            });
    thread.start();
    awaitStalled.accept(thread);

    thread.interrupt();

    assertThat(outcome.get(DEADLINE.toSeconds(), TimeUnit.SECONDS))
        .isInstanceOfSatisfying(
            BackupException.class, e -> assertThat(e.kind()).isEqualTo(Kind.CANCELLED));
    assertThat(flag.get()).as("interrupt flag").isTrue();
  }
}
