package dev.openmemory.backup.internal.target;

import static dev.openmemory.backup.sample.Failures.failureOf;
import static dev.openmemory.backup.spi.WriteOptions.CREATE_ONLY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.ObjectName;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.spi.Content;
import dev.openmemory.backup.spi.ForwardingBackupTarget;
import dev.openmemory.backup.spi.ObjectInfo;
import dev.openmemory.backup.spi.SweepsLeftovers;
import dev.openmemory.backup.testkit.FaultPlan;
import dev.openmemory.backup.testkit.FaultPlan.Verb;
import dev.openmemory.backup.testkit.FaultyBackupTarget;
import dev.openmemory.backup.testkit.InMemoryBackupTarget;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.nio.file.AccessDeniedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class TargetStackTest {
  private static final ObjectName NAME = new ObjectName("b/openmemory.db");
  private static final Content CONTENT = out -> out.write(new byte[10]);
  private static final Waiter AT_ONCE = pause -> {};

  private final InMemoryBackupTarget store = new InMemoryBackupTarget();

  @Test
  void readOnlyRefusesWhateverChangesTheStoreAndNothingElse() throws Exception {
    store.write(NAME, CONTENT, CREATE_ONLY);
    BackupTarget sweeping = new Sweeping(store);
    BackupTarget target = TargetStack.over(sweeping, true, Backoff.DEFAULT, AT_ONCE);
    SweepsLeftovers sweep =
        ForwardingBackupTarget.power(target, SweepsLeftovers.class).orElseThrow();

    List<ThrowingCallable> changes =
        List.of(
            () -> target.write(new ObjectName("new"), CONTENT, CREATE_ONLY),
            () -> target.delete(NAME),
            sweep::sweepLeftovers);
    for (ThrowingCallable change : changes) {
      BackupException failure = failureOf(change);
      assertThat(failure.kind()).isEqualTo(Kind.DENIED);
      assertThat(failure.location()).startsWith("memory:");
    }

    assertThat(target.list("")).hasSize(1);
    try (InputStream in = target.read(NAME, 0)) {
      assertThat(in.readAllBytes()).hasSize(10);
    }
  }

  @Test
  void faultsBelowAreRetriedAndThePowersOfTheStoreAreFound() throws Exception {
    FaultyBackupTarget faulty =
        new FaultyBackupTarget(
            new Sweeping(store), FaultPlan.on(Verb.WRITE).fail(Kind.UNAVAILABLE));
    BackupTarget target = TargetStack.over(faulty, false, Backoff.DEFAULT, AT_ONCE);

    target.write(NAME, CONTENT, CREATE_ONLY);

    faulty.verifyAllFired();
    assertThat(ForwardingBackupTarget.power(target, SweepsLeftovers.class)).isPresent();
  }

  @Test
  void aFailureOfAStoreThatKnowsNoKindsHasTheOperationAndThePlace() {
    BackupTarget raw =
        new ForwardingBackupTarget(store) {
          @Override
          public List<ObjectInfo> list(String prefix) throws IOException {
            throw new SocketTimeoutException("nothing came");
          }

          @Override
          public void delete(ObjectName name) {
            throw new UncheckedIOException(new AccessDeniedException("/srv/file"));
          }
        };
    List<Duration> pauses = new ArrayList<>();
    BackupTarget target = TargetStack.over(raw, false, Backoff.DEFAULT, pauses::add);

    BackupException listing = failureOf(() -> target.list("b"));
    assertThat(listing.kind()).isEqualTo(Kind.TIMEOUT);
    assertThat(listing).hasMessage("list memory:/b: nothing came");
    assertThat(pauses).hasSize(Backoff.DEFAULT.attempts() - 1);
    BackupException deleting = failureOf(() -> target.delete(NAME));
    assertThat(deleting.kind()).isEqualTo(Kind.DENIED);
    assertThat(deleting).hasMessage("delete memory:/b/openmemory.db: /srv/file: access denied");
  }

  @Test
  void closingTheStackClosesTheStore() throws Exception {
    TargetStack.over(store, true, Backoff.DEFAULT, AT_ONCE).close();

    assertThatThrownBy(() -> store.list("")).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void eachAttemptIsLoggedWithItsPlaceAndOutcome() throws Exception {
    RecordingLogger log = new RecordingLogger();
    FaultyBackupTarget faulty =
        new FaultyBackupTarget(store, FaultPlan.on(Verb.WRITE).fail(Kind.UNAVAILABLE));
    try (BackupTarget target =
        new RetryingBackupTarget(new LoggingBackupTarget(faulty, log), Backoff.DEFAULT, AT_ONCE)) {
      target.write(NAME, CONTENT, CREATE_ONLY);
      target.list("b");
      try (InputStream in = target.read(NAME, 4)) {
        assertThat(in.readNBytes(3)).hasSize(3);
      }
      target.delete(NAME);
    }

    assertThat(log.lines())
        .containsExactly(
            "write memory:/b/openmemory.db: UNAVAILABLE, planned fault after 0 bytes",
            "write memory:/b/openmemory.db: 10 bytes",
            "list memory:/b: 1 objects",
            "stat memory:/b/openmemory.db: 10 bytes",
            "read memory:/b/openmemory.db: from 4",
            "read memory:/b/openmemory.db: closed after 3 bytes",
            "delete memory:/b/openmemory.db: done",
            "close memory:: done");
  }

  private static final class Sweeping extends ForwardingBackupTarget implements SweepsLeftovers {
    Sweeping(BackupTarget delegate) {
      super(delegate);
    }

    @Override
    public List<String> sweepLeftovers() throws IOException {
      throw new AssertionError("swept");
    }
  }
}
