package dev.openmemory.backup.internal.target;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Cancellation;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class WaiterTest {
  private static final Duration LONG = Duration.ofHours(1);

  private final Cancellation cancellation = new Cancellation();
  private final Waiter waiter = Waiter.until(cancellation);

  @Test
  void cancellingEndsALongPause() throws Exception {
    CompletableFuture<Void> paused = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                waiter.await(LONG);
                paused.complete(null);
              } catch (InterruptedException | BackupException e) {
                paused.completeExceptionally(e);
              }
            });
    thread.start();
    while (thread.getState() != Thread.State.TIMED_WAITING) {
      Thread.onSpinWait();
    }
    cancellation.cancel();
    assertThatThrownBy(paused::get)
        .isInstanceOf(ExecutionException.class)
        .cause()
        .isInstanceOfSatisfying(
            BackupException.class, e -> assertThat(e.kind()).isEqualTo(Kind.CANCELLED));
  }

  @Test
  void whatIsUndoneAfterACancellationIsTriedAgainSoon() throws Exception {
    cancellation.cancel();
    waiter.await(LONG);
    assertThat(cancellation.isRequested()).isTrue();
  }

  @Test
  void anInterruptEndsAPause() {
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> waiter.await(LONG)).isInstanceOf(InterruptedException.class);
  }

  @Test
  void withoutACancellationThePauseEndsByItself() throws Exception {
    waiter.await(Duration.ofNanos(1));
    assertThat(cancellation.isRequested()).isFalse();
  }
}
