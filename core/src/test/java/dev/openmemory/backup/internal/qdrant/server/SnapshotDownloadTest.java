package dev.openmemory.backup.internal.qdrant.server;

import static dev.openmemory.backup.sample.Failures.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Cancellation;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SnapshotDownloadTest extends DoubleTest {
  private SnapshotInfo made;

  @BeforeEach
  void make() throws IOException {
    server.fill(COLLECTION, 300);
    made = client.createSnapshot(COLLECTION);
  }

  private Path stored() {
    return folder.resolve("snapshots").resolve(COLLECTION).resolve(made.name());
  }

  private byte[] download(QdrantClient by) throws IOException {
    try (InputStream in = by.download(COLLECTION, made)) {
      return in.readAllBytes();
    }
  }

  private BackupException failure() {
    return failureOf(() -> download(client));
  }

  @Test
  void theBytesAreThoseOfTheFile() throws Exception {
    assertThat(download(client)).isEqualTo(Files.readAllBytes(stored()));
  }

  @Test
  void aBrokenConnectionIsTakenUpWhereItBroke() throws Exception {
    server.cut(ANY_SNAPSHOT, 8, 2_000);
    assertThat(download(client)).isEqualTo(Files.readAllBytes(stored()));
    assertThat(server.count(ANY_SNAPSHOT)).isEqualTo(9);
  }

  @Test
  void aServerThatIsBusyAtFirstIsAskedAgain() throws Exception {
    server.refuse(ANY_SNAPSHOT, 2, 503, "busy");
    assertThat(download(client)).isEqualTo(Files.readAllBytes(stored()));
  }

  @Test
  void withoutProgressItIsNotTriedForEver() {
    server.cut(ANY_SNAPSHOT, 1, 1000);
    server.cut(ANY_SNAPSHOT, 100, 0);
    assertThat(failure().kind()).isEqualTo(Kind.UNAVAILABLE);
    assertThat(server.count(ANY_SNAPSHOT)).isLessThan(10);
  }

  @Test
  void silenceIsEndedAndTakenUp() throws Exception {
    use(Waits.SOON_SILENT);
    server.stall(ANY_SNAPSHOT, 1, 1000, Duration.ofSeconds(20));
    assertThat(download(client)).isEqualTo(Files.readAllBytes(stored()));
  }

  @Test
  void silenceAgainAndAgainIsATimeout() throws Exception {
    use(Waits.SOON_SILENT);
    server.stall(ANY_SNAPSHOT, 100, 0, Duration.ofSeconds(20));
    assertThat(failure().kind()).isEqualTo(Kind.TIMEOUT);
  }

  @Test
  void aWrongByteIsCorrupt() {
    server.corrupt(ANY_SNAPSHOT, 1);
    BackupException failure = failure();
    assertThat(failure.kind()).isEqualTo(Kind.CORRUPT);
    assertThat(failure).hasMessageContaining("checksum").hasMessageContaining(made.name());
  }

  @Test
  void aFileThatIsReplacedWhileItIsReadIsNeverMixed() throws Exception {
    server.cut(ANY_SNAPSHOT, 1, 1000);
    byte[] other = Files.readAllBytes(stored());
    other[5000] ^= 1;
    InputStream in = client.download(COLLECTION, made);
    Path beside = Files.write(folder.resolve("other"), other);
    Files.move(beside, stored(), java.nio.file.StandardCopyOption.REPLACE_EXISTING);

    BackupException failure = failureOf(in::readAllBytes);

    assertThat(failure.kind()).isEqualTo(Kind.INCONSISTENT);
    assertThat(failure.fact()).contains("was replaced");
  }

  @Test
  void aFileOfAnotherLengthThanListedIsRefused() throws Exception {
    Files.write(stored(), new byte[10]);
    assertThat(failure().kind()).isEqualTo(Kind.INCONSISTENT);
  }

  @Test
  void withoutAChecksumTheSizeCounts() throws Exception {
    SnapshotInfo uploaded =
        new SnapshotInfo(made.name(), made.size(), Optional.empty(), made.created());
    server.corrupt(ANY_SNAPSHOT, 1);
    try (InputStream in = client.download(COLLECTION, uploaded)) {
      assertThat(in.readAllBytes()).hasSize((int) made.size());
    }
  }

  @Test
  void aCollectionThatIsDeletedMeanwhileIsNotFound() {
    server.before(ANY_SNAPSHOT, () -> server.deleteCollection(COLLECTION));
    assertThat(failure().kind()).isEqualTo(Kind.NOT_FOUND);
  }

  @Test
  void anInterruptEndsASilentDownload() throws Exception {
    server.stall(ANY_SNAPSHOT, 1, 1000, Duration.ofSeconds(20));
    InputStream in = client.download(COLLECTION, made);
    Thread.currentThread().interrupt();
    BackupException failure = failureOf(in::readAllBytes);
    assertThat(Thread.interrupted()).isTrue();
    assertThat(failure.kind()).isEqualTo(Kind.CANCELLED);
  }

  @Test
  void aCancellationEndsASilentDownload() throws Exception {
    Cancellation cancellation = new Cancellation();
    server.stall(ANY_SNAPSHOT, 1, 1000, Duration.ofSeconds(20));
    try (QdrantClient other = Waits.client(server.uri(), Optional.empty(), cancellation);
        InputStream in = other.download(COLLECTION, made)) {
      assertThat(in.readNBytes(1000)).hasSize(1000);
      Thread reader = Thread.currentThread();
      Thread later =
          new Thread(
              () -> {
                await(() -> reader.getState() == Thread.State.WAITING);
                cancellation.cancel();
              });
      later.start();
      BackupException failure = failureOf(in::readAllBytes);
      assertThat(failure.kind()).isEqualTo(Kind.CANCELLED);
      later.join();
    }
  }
}
