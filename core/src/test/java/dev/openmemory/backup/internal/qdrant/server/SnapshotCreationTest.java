package dev.openmemory.backup.internal.qdrant.server;

import static dev.openmemory.backup.sample.Failures.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class SnapshotCreationTest extends DoubleTest {

  @Test
  void twoInARowHaveTwoNames() throws Exception {
    SnapshotInfo first = client.createSnapshot(COLLECTION);
    SnapshotInfo second = client.createSnapshot(COLLECTION);

    assertThat(second.name()).isNotEqualTo(first.name());
    assertThat(client.snapshots(COLLECTION)).containsExactly(first, second);
  }

  @Test
  void theOnlyOneIsNotWaitedFor() throws Exception {
    client.createSnapshot(COLLECTION);
    assertThat(time.nanos()).isZero();
  }

  @Test
  void aLostAnswerIsFoundInTheList() throws Exception {
    server.lose(CREATE, 1, Duration.ofMillis(20));

    SnapshotInfo made = client.createSnapshot(COLLECTION);

    assertThat(client.snapshots(COLLECTION)).containsExactly(made);
    assertThat(made.sha256()).isPresent();
    assertThat(server.count(CREATE)).isEqualTo(1);
  }

  @Test
  void aLateAnswerIsFoundInTheList() throws Exception {
    answerTooLate(CREATE, "GET .*/snapshots", () -> true);

    SnapshotInfo made = client.createSnapshot(COLLECTION);

    assertThat(client.snapshots(COLLECTION)).containsExactly(made);
    assertThat(server.count(CREATE)).isEqualTo(1);
  }

  @Test
  void whatWasThereBeforeIsNotTakenForIt() throws Exception {
    SnapshotInfo before = client.createSnapshot(COLLECTION);
    server.lose(CREATE, 1, Duration.ofMillis(20));

    assertThat(client.createSnapshot(COLLECTION)).isNotEqualTo(before);
  }

  @Test
  void whatNeverComesIsATimeout() throws Exception {
    use(Waits.HASTY);
    server.delay(CREATE, 1, Duration.ofSeconds(30));
    server.before(CREATE, () -> time.pass(Duration.ofSeconds(1)));
    assertThat(failure().kind()).isEqualTo(Kind.TIMEOUT);
    assertThat(server.count(CREATE)).isEqualTo(1);
    assertNoSnapshotIsLeft();
  }

  @ParameterizedTest
  @ValueSource(ints = {504, 502, 408})
  void aProxyThatGaveUpIsNoRefusal(int status) throws Exception {
    use(Waits.HASTY);
    server.refuse(CREATE, 1, status, "gave up");
    BackupException failure = failure();
    assertThat(failure.kind()).isEqualTo(Kind.TIMEOUT);
    assertThat(failure.fact()).contains("gave up");
  }

  @Test
  void aRefusalIsSentOnce() {
    server.refuse(CREATE, 1, 503, "busy");
    assertThat(failure().kind()).isEqualTo(Kind.UNAVAILABLE);
    assertThat(server.count(CREATE)).isEqualTo(1);
    assertNoSnapshotIsLeft();
  }

  @Test
  void aCollectionThatIsGoneIsNotFound() {
    server.deleteCollection(COLLECTION);
    assertThat(failure().kind()).isEqualTo(Kind.NOT_FOUND);
  }

  @Test
  void anAliasWillDo() throws Exception {
    server.alias("memories", COLLECTION);
    SnapshotInfo made = client.createSnapshot("memories");
    assertThat(client.snapshots(COLLECTION)).containsExactly(made);
  }

  private BackupException failure() {
    return failureOf(() -> client.createSnapshot(COLLECTION));
  }
}
