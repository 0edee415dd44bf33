package dev.openmemory.backup.internal.target;

import static dev.openmemory.backup.sample.Failures.failureOf;
import static dev.openmemory.backup.spi.WriteOptions.CREATE_ONLY;
import static dev.openmemory.backup.spi.WriteOptions.REPLACE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.ObjectName;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.testkit.FaultPlan;
import dev.openmemory.backup.testkit.FaultPlan.Verb;
import dev.openmemory.backup.testkit.FaultyBackupTarget;
import dev.openmemory.backup.testkit.InMemoryBackupTarget;
import dev.openmemory.backup.testkit.LeakTrackingBackupTarget;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ResumingInputStreamTest {
  private static final ObjectName NAME = new ObjectName("b/openmemory.db");
  private static final int ATTEMPTS = 3;

  private final byte[] bytes = new byte[10_000];
  private final InMemoryBackupTarget store = new InMemoryBackupTarget();
  private final LeakTrackingBackupTarget tracking = new LeakTrackingBackupTarget(store);
  private final List<Duration> pauses = new ArrayList<>();

  @BeforeEach
  void store() throws IOException {
    new Random(1).nextBytes(bytes);
    store.write(NAME, out -> out.write(bytes), CREATE_ONLY);
  }

  @AfterEach
  void everythingIsClosed() {
    tracking.verifyAllClosed();
  }

  @Test
  void aBrokenReadGoesOnWhereItBrokeOff() throws Exception {
    FaultyBackupTarget faulty =
        faulty(FaultPlan.on(Verb.READ).afterBytes(700).fail(Kind.UNAVAILABLE));

    assertThat(read(faulty, 0)).isEqualTo(bytes);

    faulty.verifyAllFired();
    assertThat(pauses).hasSize(1);
  }

  @Test
  void aReadFromAnOffsetGoesOnFromThere() throws Exception {
    FaultyBackupTarget faulty =
        faulty(FaultPlan.on(Verb.READ).afterBytes(700).fail(Kind.TIMEOUT).times(3));

    assertThat(read(faulty, 5_000)).isEqualTo(Arrays.copyOfRange(bytes, 5_000, 10_000));

    faulty.verifyAllFired();
  }

  @Test
  void anEndBeforeTheSizeIsAFaultToo() throws Exception {
    FaultyBackupTarget faulty = faulty(FaultPlan.on(Verb.READ).afterBytes(9_999).cut());

    assertThat(read(faulty, 0)).isEqualTo(bytes);

    faulty.verifyAllFired();
  }

  @Test
  void anyNumberOfBreaksIsFineWhileEachAttemptBringsSomething() throws Exception {
    FaultyBackupTarget faulty =
        faulty(FaultPlan.on(Verb.READ).afterBytes(1000).fail(Kind.UNAVAILABLE).times(9));

    assertThat(read(faulty, 0)).isEqualTo(bytes);

    faulty.verifyAllFired();
  }

  @Test
  void attemptsThatBringNothingAreCounted() {
    FaultyBackupTarget faulty =
        faulty(FaultPlan.on(Verb.READ).fail(Kind.UNAVAILABLE).times(ATTEMPTS));

    BackupException failure = failureOf(() -> read(faulty, 0));

    assertThat(failure.kind()).isEqualTo(Kind.UNAVAILABLE);
    assertThat(failure.getSuppressed()).hasSize(ATTEMPTS - 1);
    faulty.verifyAllFired();
  }

  @Test
  void anEndThatStaysTooEarlySaysHowFarItGot() {
    FaultyBackupTarget faulty = faulty(FaultPlan.on(Verb.READ).afterBytes(10).cut());
    BackupTarget target = retrying(faulty, 1);

    BackupException failure = failureOf(() -> read(target, 5_000));

    assertThat(failure.kind()).isEqualTo(Kind.UNAVAILABLE);
    assertThat(failure).hasMessageContaining("ended after 5010 of 10000 bytes");
  }

  @Test
  void aFailureThatStaysEndsTheRead() {
    FaultyBackupTarget faulty = faulty(FaultPlan.on(Verb.READ).afterBytes(10).fail(Kind.DENIED));

    BackupException failure = failureOf(() -> read(faulty, 0));

    assertThat(failure.kind()).isEqualTo(Kind.DENIED);
    assertThat(pauses).isEmpty();
  }

  @Test
  void anObjectReplacedMeanwhileIsNotMixed() {
    FaultyBackupTarget faulty =
        faulty(FaultPlan.on(Verb.READ).afterBytes(10).fail(Kind.UNAVAILABLE));
    Waiter replacing =
        pause -> {
          try {
            store.write(NAME, out -> out.write(new byte[10_000]), REPLACE);
          } catch (IOException e) {
            throw new AssertionError(e);
          }
        };
    BackupTarget target = new RetryingBackupTarget(faulty, Backoff.DEFAULT, replacing);

    BackupException failure = failureOf(() -> read(target, 0));

    assertThat(failure.kind()).isEqualTo(Kind.FAILED);
    assertThat(failure).hasMessageContaining("replaced or deleted");
  }

  private FaultyBackupTarget faulty(FaultPlan... plans) {
    return new FaultyBackupTarget(tracking, plans);
  }

  private BackupTarget retrying(BackupTarget target, int attempts) {
    return new RetryingBackupTarget(
        target, new Backoff(attempts, Duration.ofMillis(1), Duration.ofMillis(1)), pauses::add);
  }

  private byte[] read(FaultyBackupTarget faulty, long offset) throws IOException {
    return read(retrying(faulty, ATTEMPTS), offset);
  }

  private static byte[] read(BackupTarget target, long offset) throws IOException {
    try (InputStream in = target.read(NAME, offset)) {
      return in.readAllBytes();
    }
  }
}
