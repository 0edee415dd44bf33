package dev.openmemory.backup.internal.parallel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class UninterruptedTest {
  @AfterEach
  void clearFlag() {
    Thread.interrupted();
  }

  @Test
  void anInterruptBeforeReachesTheCallerAndNotTheWork() throws IOException {
    Thread.currentThread().interrupt();

    boolean seen = Uninterrupted.call(() -> Thread.currentThread().isInterrupted());

    assertThat(seen).isFalse();
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void interruptsMeanwhileBreakNoChannelAndAreKept() throws Exception {
    Pipe pipe = Pipe.open();
    CountDownLatch reading = new CountDownLatch(1);
    Thread caller = Thread.currentThread();
    Thread other =
        new Thread(
            () -> {
              try {
                reading.await();
                for (int i = 0; i < 3; i++) {
                  caller.interrupt();
                  Thread.sleep(20);
                }
                pipe.sink().write(ByteBuffer.wrap(new byte[] {1}));
              } catch (InterruptedException | IOException e) {
                throw new AssertionError(e);
              }
            });
    other.start();

    int read =
        Uninterrupted.call(
            () -> {
              reading.countDown();
              return pipe.source().read(ByteBuffer.allocate(1));
            });

    assertThat(read).isEqualTo(1);
    assertThat(Thread.interrupted()).isTrue();
    other.join();
    pipe.source().close();
    pipe.sink().close();
  }

  @Test
  void withoutAnInterruptThereIsNone() {
    AtomicBoolean done = new AtomicBoolean();

    Uninterrupted.run(() -> done.set(true));

    assertThat(done).isTrue();
    assertThat(Thread.interrupted()).isFalse();
  }

  @Test
  void whatTheWorkThrowsIsThrown() {
    IOException checked = new IOException("checked");
    IllegalStateException unchecked = new IllegalStateException("unchecked");
    AssertionError error = new AssertionError("error");

    assertThatThrownBy(
            () ->
                Uninterrupted.run(
                    () -> {
                      throw checked;
                    }))
        .isSameAs(checked);
    assertThatThrownBy(
            () ->
                Uninterrupted.run(
                    () -> {
                      throw unchecked;
                    }))
        .isSameAs(unchecked);
    assertThatThrownBy(
            () ->
                Uninterrupted.run(
                    () -> {
                      throw error;
                    }))
        .isSameAs(error);
  }
}
