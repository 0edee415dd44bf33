package dev.openmemory.backup.internal.parallel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ParallelTest {
  private static final List<Integer> TEN = IntStream.range(0, 10).boxed().toList();

  @Test
  void soManyAsWereAskedForAreUnderWayAtATime() throws IOException {
    CyclicBarrier five = new CyclicBarrier(5);
    AtomicInteger underWay = new AtomicInteger();
    Set<Integer> done = ConcurrentHashMap.newKeySet();

    Parallel.forEach(
        TEN,
        5,
        item -> {
          assertThat(underWay.incrementAndGet()).isLessThanOrEqualTo(5);
          await(five);
          underWay.decrementAndGet();
          done.add(item);
        });

    assertThat(done).containsExactlyInAnyOrderElementsOf(TEN);
  }

  @Test
  void oneAtATimeIsTheThreadOfTheCaller() throws IOException {
    List<Thread> threads = new ArrayList<>();
    Parallel.forEach(TEN, 1, item -> threads.add(Thread.currentThread()));
    Parallel.forEach(List.of(1), 5, item -> threads.add(Thread.currentThread()));
    assertThat(threads).hasSize(11).containsOnly(Thread.currentThread());
  }

  @Test
  void theFirstFailureEndsTheOthersBeforeItIsThrown() {
    CountDownLatch waiting = new CountDownLatch(2);
    Set<Integer> interrupted = ConcurrentHashMap.newKeySet();
    Set<Integer> begun = ConcurrentHashMap.newKeySet();
    IOException failure = new IOException("first");

    Throwable thrown =
        catchThrowable(
            () ->
                Parallel.forEach(
                    TEN,
                    3,
                    item -> {
                      begun.add(item);
                      if (item == 1) {
                        await(waiting);
                        throw failure;
                      }
                      waiting.countDown();
                      awaitInterrupt();
                      interrupted.add(item);
                      throw new IOException("second");
                    }));

    assertThat(thrown).isSameAs(failure);
    assertThat(interrupted).containsExactlyInAnyOrder(0, 2);
    assertThat(begun).containsExactlyInAnyOrder(0, 1, 2);
  }

  @Test
  void anInterruptEndsAllAndStaysSet() {
    Thread caller = Thread.currentThread();
    AtomicInteger ended = new AtomicInteger();

    Throwable thrown =
        catchThrowable(
            () ->
                Parallel.forEach(
                    TEN,
                    2,
                    item -> {
                      caller.interrupt();
                      awaitInterrupt();
                      ended.incrementAndGet();
                    }));

    assertThat(Thread.interrupted()).as("interrupt flag").isTrue();
    assertThat(thrown)
        .isInstanceOfSatisfying(
            BackupException.class, e -> assertThat(e.kind()).isEqualTo(Kind.CANCELLED));
    assertThat(ended).hasValue(2);
  }

  @Test
  void uncheckedFailuresAndErrorsAreThrownAsTheyAre() {
    for (Throwable thrown :
        List.of(new IllegalStateException("unchecked"), new AssertionError("error"))) {
      assertThatThrownBy(() -> Parallel.forEach(TEN, 2, item -> throwUnchecked(thrown)))
          .isSameAs(thrown);
    }
  }

  private static void throwUnchecked(Throwable thrown) {
    if (thrown instanceof Error error) {
      throw error;
    }
    throw (RuntimeException) thrown;
  }

  private static void awaitInterrupt() {
    await(new CountDownLatch(1));
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void await(CyclicBarrier barrier) throws IOException {
    try {
      barrier.await(30, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new IOException(e);
    }
  }
}
