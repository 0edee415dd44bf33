package dev.openmemory.backup.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.ObjectName;
import dev.openmemory.backup.spi.Content;
import dev.openmemory.backup.spi.ObjectInfo;
import dev.openmemory.backup.spi.WriteOptions;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** T11: what an interrupt does. */
abstract class TargetInterruptDuties extends TargetReadDuties {
  private static final int LARGE = 8 << 20;

  @Test
  @Duty("T11")
  final void anInterruptEndsAWriteAndLeavesNothing() throws Exception {
    byte[] chunk = bytes(1 << 16);
    CountDownLatch begun = new CountDownLatch(1);
    Content endless =
        out -> {
          while (true) {
            out.write(chunk);
            begun.countDown();
          }
        };
    Thread[] writer = new Thread[1];
    Callable<ObjectInfo> write =
        () -> {
          synchronized (writer) {
            writer[0] = Thread.currentThread();
          }
          return target().write(NAME, endless, WriteOptions.CREATE_ONLY);
        };
    Callable<ObjectInfo> interrupt =
        () -> {
          assertThat(begun.await(DEADLINE_SECONDS, TimeUnit.SECONDS)).isTrue();
          synchronized (writer) {
            writer[0].interrupt();
          }
          throw new InterruptedException("done");
        };

    Outcome<ObjectInfo> outcome = together(List.of(write, interrupt)).get(0);

    assertThat(outcome.failedWith(Kind.CANCELLED)).as("outcome %s", outcome).isTrue();
    assertThat(outcome.interrupted()).as("interrupt flag").isTrue();
    assertAbsent(NAME);
  }

  @Test
  @Duty("T11")
  final void anInterruptInTheMiddleLeavesTheOldObject() throws Exception {
    requireReplace();
    byte[] old = bytes(1000);
    write(NAME, old);
    Content interrupted =
        out -> {
          out.write(bytes(10));
          Thread.currentThread().interrupt();
          out.write(bytes(beyondBuffers()));
        };

    assertCancelled(() -> target().write(NAME, interrupted, WriteOptions.REPLACE));

    assertHolds(NAME, old);
  }

  @Test
  @Duty("T11")
  final void contentThatThrowsInAnInterruptedThreadLeavesNothing() throws Exception {
    IOException failure = new IOException("gave up");
    Content givesUp =
        out -> {
          out.write(bytes(beyondBuffers()));
          Thread.currentThread().interrupt();
          throw failure;
        };

    Throwable thrown =
        catchThrowable(() -> target().write(NAME, givesUp, WriteOptions.CREATE_ONLY));

    assertThat(Thread.interrupted()).as("interrupt flag").isTrue();
    assertThat(thrown).isSameAs(failure);
    assertAbsent(NAME);
  }

  @Test
  @Duty("T11")
  final void anInterruptEndsARead() throws Exception {
    write(NAME, bytes(LARGE));
    assertCancelled(
        () -> {
          try (InputStream in = target().read(NAME, 0)) {
            assertThat(in.read()).isNotNegative();
            Thread.currentThread().interrupt();
            in.transferTo(OutputStream.nullOutputStream());
          }
        });
  }

  @Test
  @Duty("T11")
  final void anInterruptedThreadGetsCancelledOrItsAnswerAndKeepsItsFlag() throws Exception {
    write(NAME, bytes(10));
    List<ThrowingCallable> calls =
        List.of(
            () -> target().stat(NAME),
            () -> target().list(""),
            () -> target().delete(NAME),
            () -> write(new ObjectName("new"), bytes(beyondBuffers())));

    for (ThrowingCallable call : calls) {
      Thread.currentThread().interrupt();
      Throwable thrown = catchThrowable(call);
      assertThat(Thread.interrupted()).as("interrupt flag").isTrue();
      if (thrown != null) {
        assertFails(
            Kind.CANCELLED,
            () -> {
              throw thrown;
            });
      }
    }
  }

  private static void assertCancelled(ThrowingCallable call) {
    Throwable thrown = catchThrowable(call);
    assertThat(Thread.interrupted()).as("interrupt flag").isTrue();
    assertFails(
        Kind.CANCELLED,
        () -> {
          throw thrown;
        });
  }
}
