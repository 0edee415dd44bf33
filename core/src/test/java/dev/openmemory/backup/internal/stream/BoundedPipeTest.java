package dev.openmemory.backup.internal.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BoundedPipeTest {
  private static final byte[] CHUNK = new byte[64 * 1024];
  private static final int CHUNKS_OF_A_MIB = 16;

  private final ExecutorService writer = Executors.newSingleThreadExecutor();
  private final AtomicInteger taken = new AtomicInteger();
  private final BoundedPipe pipe = new BoundedPipe();

  @AfterEach
  void end() {
    writer.shutdownNow();
  }

  @Test
  void withoutAReaderNoMoreThanAMebibyteWaits() throws Exception {
    Thread[] thread = new Thread[1];
    Future<Boolean> all =
        writer.submit(
            () -> {
              thread[0] = Thread.currentThread();
              return putHundred();
            });
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (thread[0] == null || thread[0].getState() != Thread.State.WAITING) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      Thread.onSpinWait();
    }
    assertThat(taken).hasValue(CHUNKS_OF_A_MIB);

    ByteArrayOutputStream read = new ByteArrayOutputStream();
    pipe.drainTo(read);
    assertThat(all.get(30, TimeUnit.SECONDS)).isTrue();
    assertThat(read.size()).isEqualTo(100 * CHUNK.length);
  }

  @Test
  void aReaderThatGoesFreesTheWriter() throws Exception {
    Future<Boolean> all = writer.submit(this::putHundred);
    pipe.abandon();
    assertThat(all.get(30, TimeUnit.SECONDS)).isFalse();
  }

  @Test
  void aFailureTakesThePlaceOfWhatWasNotRead() throws Exception {
    pipe.put(CHUNK);
    pipe.fail(new IOException("the content broke"));
    ByteArrayOutputStream read = new ByteArrayOutputStream();
    assertThatThrownBy(() -> pipe.drainTo(read)).hasMessage("the content broke");
    assertThat(read.size()).isZero();
  }

  private boolean putHundred() throws InterruptedException {
    boolean reading = true;
    for (int i = 0; i < 100; i++) {
      reading = pipe.put(CHUNK);
      taken.incrementAndGet();
    }
    pipe.end();
    return reading;
  }
}
