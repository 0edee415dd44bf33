package dev.openmemory.backup.testkit;

import static dev.openmemory.backup.spi.WriteOptions.CREATE_ONLY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.ObjectName;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.spi.Content;
import dev.openmemory.backup.testkit.FaultPlan.Verb;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class FaultyBackupTargetTest {
  private static final ObjectName NAME = new ObjectName("b/manifest.json");
  private static final byte[] BYTES = "0123456789".getBytes(StandardCharsets.UTF_8);
  private static final Content CONTENT = out -> out.write(BYTES);

  private final InMemoryBackupTarget store = new InMemoryBackupTarget();

  @Test
  void aWriteFailsAfterTheBytesAndAsOftenAsPlanned() throws Exception {
    FaultyBackupTarget target =
        faulty(FaultPlan.on(Verb.WRITE).afterBytes(4).fail(Kind.UNAVAILABLE).times(2));
    AtomicInteger taken = new AtomicInteger();
    Content counting =
        out -> {
          for (byte one : BYTES) {
            out.write(one);
            taken.incrementAndGet();
          }
        };

    assertFails(Kind.UNAVAILABLE, () -> target.write(NAME, counting, CREATE_ONLY));
    assertThat(taken).hasValue(4);
    assertFails(Kind.UNAVAILABLE, () -> target.write(NAME, CONTENT, CREATE_ONLY));
    assertThat(store.list("")).isEmpty();
    target.write(NAME, CONTENT, CREATE_ONLY);

    target.verifyAllFired();
    assertThat(read(store)).isEqualTo("0123456789");
  }

  @Test
  void aFaultAtTheBeginningComesBeforeTheContentIsAsked() {
    FaultyBackupTarget target = faulty(FaultPlan.on(Verb.WRITE).fail(Kind.DENIED));
    AtomicInteger asked = new AtomicInteger();

    assertFails(Kind.DENIED, () -> target.write(NAME, out -> asked.incrementAndGet(), CREATE_ONLY));

    assertThat(asked).hasValue(0);
  }

  @Test
  void eachOtherVerbFailsAsPlanned() {
    FaultyBackupTarget target =
        faulty(
            FaultPlan.on(Verb.READ).fail(Kind.TIMEOUT),
            FaultPlan.on(Verb.STAT).fail(Kind.DENIED),
            FaultPlan.on(Verb.LIST).fail(Kind.UNAVAILABLE),
            FaultPlan.on(Verb.DELETE).fail(Kind.FAILED));

    assertFails(Kind.TIMEOUT, () -> target.read(NAME, 0).close());
    assertFails(Kind.DENIED, () -> target.stat(NAME));
    assertFails(Kind.UNAVAILABLE, () -> target.list(""));
    assertFails(Kind.FAILED, () -> target.delete(NAME));
    target.verifyAllFired();
  }

  @Test
  void aReadIsCutOrFailsOrHasABitFlipped() throws Exception {
    store.write(NAME, CONTENT, CREATE_ONLY);
    FaultyBackupTarget cut = faulty(FaultPlan.on(Verb.READ).afterBytes(3).cut());
    assertThat(read(cut)).isEqualTo("012");
    assertThat(read(cut)).isEqualTo("0123456789");

    FaultyBackupTarget failing =
        faulty(FaultPlan.on(Verb.READ).afterBytes(10).fail(Kind.UNAVAILABLE));
    assertFails(Kind.UNAVAILABLE, () -> read(failing));

    FaultyBackupTarget flipping = faulty(FaultPlan.on(Verb.READ).afterBytes(3).flipBit());
    assertThat(read(flipping)).isEqualTo("012#456789");
  }

  @Test
  void aBitFlippedOnTheWayInIsStored() throws Exception {
    FaultyBackupTarget target = faulty(FaultPlan.on(Verb.WRITE).afterBytes(9).flipBit());

    target.write(NAME, CONTENT, CREATE_ONLY);

    assertThat(read(store)).isEqualTo("012345678)");
    assertThat(BYTES).as("the content's own bytes").endsWith('9');
  }

  @Test
  void onlyNamesThatEndSoAreConcerned() throws Exception {
    FaultyBackupTarget target =
        faulty(FaultPlan.on(Verb.WRITE).named("manifest.json").fail(Kind.NO_SPACE));

    target.write(new ObjectName("b/config.json"), CONTENT, CREATE_ONLY);

    assertFails(Kind.NO_SPACE, () -> target.write(NAME, CONTENT, CREATE_ONLY));
  }

  @Test
  void aStallEndsWhenItIsReleased() throws Exception {
    FaultPlan stall = FaultPlan.on(Verb.WRITE).afterBytes(5).stall();
    FaultyBackupTarget target = faulty(stall);

    CompletableFuture<Void> writing =
        CompletableFuture.runAsync(
            () ->
                assertThatCode(() -> target.write(NAME, CONTENT, CREATE_ONLY))
                    .doesNotThrowAnyException());
    stall.awaitStalled(Duration.ofSeconds(30));
    assertThat(store.list("")).isEmpty();
    stall.release();

    writing.get(30, TimeUnit.SECONDS);
    assertThat(read(store)).isEqualTo("0123456789");
  }

  @Test
  void aStallEndsWithAnInterrupt() {
    FaultyBackupTarget target = faulty(FaultPlan.on(Verb.LIST).stall());
    Thread.currentThread().interrupt();

    assertFails(Kind.CANCELLED, () -> target.list(""));

    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void aFaultThatNeverFiredFailsTheTest() throws Exception {
    FaultyBackupTarget target =
        faulty(FaultPlan.on(Verb.WRITE).afterBytes(11).fail(Kind.UNAVAILABLE));

    target.write(NAME, CONTENT, CREATE_ONLY);

    assertThatThrownBy(target::verifyAllFired)
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("UNAVAILABLE");
  }

  @Test
  void plansThatMakeNoSenseAreRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> FaultPlan.on(Verb.WRITE).cut());
    assertThatIllegalArgumentException().isThrownBy(() -> FaultPlan.on(Verb.LIST).flipBit());
    assertThatIllegalArgumentException().isThrownBy(() -> FaultPlan.on(Verb.STAT).afterBytes(1));
  }

  @Test
  void aStreamLeftOpenIsReportedWithItsOpener() throws Exception {
    store.write(NAME, CONTENT, CREATE_ONLY);
    LeakTrackingBackupTarget target = new LeakTrackingBackupTarget(store);
    target.read(NAME, 0).close();
    target.verifyAllClosed();

    try (InputStream open = target.read(NAME, 0)) {
      assertThat(open.read()).isEqualTo('0');
      Throwable leak = catchThrowableOfType(AssertionError.class, target::verifyAllClosed);
      assertThat(leak.getSuppressed())
          .singleElement()
          .satisfies(opener -> assertThat(opener).hasStackTraceContaining(getClass().getName()));
    }
    target.verifyAllClosed();
  }

  private FaultyBackupTarget faulty(FaultPlan... plans) {
    return new FaultyBackupTarget(store.reopen(), plans);
  }

  private static String read(BackupTarget target) throws Exception {
    try (InputStream in = target.read(NAME, 0)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static void assertFails(Kind kind, ThrowingCallable call) {
    BackupException failure = catchThrowableOfType(BackupException.class, call);
    assertThat(failure).isNotNull().extracting(BackupException::kind).isEqualTo(kind);
  }
}
