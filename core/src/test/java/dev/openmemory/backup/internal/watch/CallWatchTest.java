package dev.openmemory.backup.internal.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class CallWatchTest {
  private static final Duration LIMIT = Duration.ofMinutes(2);

  private final AtomicLong nanos = new AtomicLong();
  private final CallWatch watch = new CallWatch("test-watch", nanos::get);

  @AfterEach
  void close() {
    watch.close();
    Thread.interrupted();
  }

  @Test
  void aSilentCallIsInterruptedAndClosingItTakesTheInterruptBack() {
    CallWatch.Call call = watch.beginInterruptible(LIMIT);
    nanos.addAndGet(LIMIT.plusNanos(1).toNanos());
    waitForInterrupt();

    call.close();

    assertThat(call.wasSilent()).isTrue();
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
  }

  @Test
  void theInterruptOfAnotherThreadOutlivesTheCall() {
    try (CallWatch.Call call = watch.beginInterruptible(LIMIT)) {
      Thread.currentThread().interrupt();
      assertThat(call.wasSilent()).isFalse();
    }

    assertThat(Thread.currentThread().isInterrupted()).isTrue();
  }

  private static void waitForInterrupt() {
    while (!Thread.currentThread().isInterrupted()) {
      LockSupport.parkNanos(1_000_000);
    }
  }
}
