package dev.openmemory.backup.storage.s3;

import static dev.openmemory.backup.storage.s3.StoreRequest.Kind.GET;
import static dev.openmemory.backup.storage.s3.StoreRequest.Kind.HEAD;
import static dev.openmemory.backup.storage.s3.StoreRequest.Kind.LIST;
import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.internal.target.Backoff;
import dev.openmemory.backup.internal.target.TargetStack;
import dev.openmemory.backup.internal.target.Waiter;
import dev.openmemory.backup.spi.BackupTarget;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What befalls reads, looks and lists. */
class S3ReadFaultTest extends OnFaultyStore {
  private static final int SIZE = 300_000;

  @BeforeEach
  void storeAnObject() {
    writeForeign(SIZE);
    assertHolds(SIZE);
  }

  private byte[] readUntilItBreaks(InputStream in, BackupException[] failure) throws IOException {
    ByteArrayOutputStream read = new ByteArrayOutputStream();
    try (in) {
      in.transferTo(read);
    } catch (BackupException e) {
      failure[0] = e;
    }
    return read.toByteArray();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, SIZE / 2, SIZE - 1})
  void anAnswerThatEndsTooEarlyIsNeverTheEndOfTheObject(int bytes) throws Exception {
    store().always(GET.visible(), Fault.truncateAnswer(bytes));
    BackupException[] failure = new BackupException[1];

    byte[] read = readUntilItBreaks(target().read(NAME, 0), failure);

    assertThat(failure[0]).isNotNull();
    assertThat(failure[0].kind()).isEqualTo(Kind.UNAVAILABLE);
    assertThat(read).isEqualTo(Arrays.copyOf(bytes(SIZE), read.length));
  }

  @Test
  void anAnswerThatComesToAHaltIsATimeout() throws Exception {
    store().always(GET.visible(), Fault.stallAnswer(SIZE / 2));
    BackupException[] failure = new BackupException[1];

    readUntilItBreaks(target().read(NAME, 0), failure);

    assertThat(failure[0]).isNotNull();
    assertThat(failure[0].kind()).isEqualTo(Kind.TIMEOUT);
  }

  @Test
  void aStoreThatNeverAnswersIsATimeout() {
    store().always(request -> true, Fault.stallAfter(0));

    assertFails(Kind.TIMEOUT, () -> target().read(NAME, 0).close());
    assertFails(Kind.TIMEOUT, () -> target().stat(NAME));
    assertFails(Kind.TIMEOUT, () -> target().list(""));
  }

  @Test
  @SuppressWarnings("try")
  void aWaitForAFreeConnectionIsATimeout() throws Exception {
    BackupException failure;
    try (Closeable readers = occupyAllConnections()) {
      store().time().passAndPass();
      failure = assertFails(Kind.TIMEOUT, () -> target().stat(NAME));
    }

    assertThat(failure).hasMessageContaining("no connection to the store became free");
  }

  static Stream<Named<Fault>> breaks() {
    return Stream.of(
        Named.of("ends after a byte", Fault.truncateAnswer(1)),
        Named.of("ends in the middle", Fault.truncateAnswer(SIZE / 2)),
        Named.of("ends before the last byte", Fault.truncateAnswer(SIZE - 1)),
        Named.of("is lost", Fault.loseAnswer()),
        Named.of("is a failure", Fault.error(503, "SlowDown")),
        Named.of("comes to a halt", Fault.stallAnswer(SIZE / 3)));
  }

  @ParameterizedTest
  @MethodSource("breaks")
  void theLayersAboveGoOnWhereAnAnswerBrokeOff(Fault fault) throws Exception {
    store().next(GET.visible(), fault);

    try (InputStream in = stack().read(NAME, 0)) {
      assertThat(in.readAllBytes()).isEqualTo(bytes(SIZE));
    }
  }

  @Test
  void aReadThatGoesOnIsOfTheVersionThatItBeganWith() throws Exception {
    store().next(GET.visible(), Fault.truncateAnswer(SIZE / 2));

    try (InputStream in = stack().read(NAME, 0)) {
      assertThat(in.readAllBytes()).isEqualTo(bytes(SIZE));
    }

    List<StoreRequest> reads = store().requests(GET.visible());
    assertThat(reads).hasSize(2);
    assertThat(reads.get(0).header("Range")).isEmpty();
    assertThat(reads.get(1).header("Range")).hasValueSatisfying(r -> assertThat(r).endsWith("-"));
    assertThat(reads.get(1).header("If-Match"))
        .isEqualTo(Optional.of(raw().headObject(r -> r.bucket(bucket()).key(key(NAME))).eTag()));
  }

  @Test
  void anObjectWithoutAnETagIsReadAndReadOn() throws Exception {
    store().next(GET.visible(), Fault.truncateAnswer(SIZE / 2));
    store().always(GET.visible().or(HEAD.visible()), Fault.withoutHeader("ETag"));
    target().read(NAME, 0).close();

    try (InputStream in = stack().read(NAME, 0)) {
      assertThat(in.readAllBytes()).isEqualTo(bytes(SIZE));
    }
  }

  @Test
  void aStoreThatIgnoresRangesIsReadFromTheStart() throws Exception {
    store().always(GET.visible(), exchange -> exchange.reply(200, List.of("ETag: e"), bytes(SIZE)));

    try (InputStream in = target().read(NAME, SIZE - 10)) {
      assertThat(in.readAllBytes()).isEqualTo(Arrays.copyOfRange(bytes(SIZE), SIZE - 10, SIZE));
    }
    try (InputStream in = target().read(NAME, SIZE)) {
      assertThat(in.readAllBytes()).isEmpty();
    }
    assertFails(Kind.INVALID, () -> target().read(NAME, SIZE + 1).close());
  }

  @ParameterizedTest
  @ValueSource(strings = {"bytes 0-9/300000", "bytes 100-199/300000", "bytes */300000", "lines 1"})
  void otherBytesThanThoseAskedForAreNeverTakenForThem(String range) {
    store()
        .always(
            GET.visible(),
            Fault.rewriteHead(
                head -> head.replaceFirst("(?i)content-range:.*", "Content-Range: " + range)));

    BackupException failure = assertFails(Kind.FAILED, () -> target().read(NAME, 100).close());

    assertThat(failure).hasMessageContaining("all bytes from 100 on and sent '" + range + "'");
  }

  @Test
  void versionsAreNeverMixed() throws Exception {
    store().next(GET.visible(), Fault.truncateAnswer(SIZE / 2));
    BackupException[] failure = new BackupException[1];
    byte[] first = readUntilItBreaks(target().read(NAME, 0), failure);
    assertThat(failure[0]).isNotNull();
    writeForeign(SIZE + 1);

    assertFails(Kind.FAILED, () -> target().read(NAME, first.length).close());

    try (InputStream in = target().read(NAME, 0)) {
      assertThat(in.readAllBytes()).isEqualTo(bytes(SIZE + 1));
    }
  }

  @Test
  void whatTheStoreCannotAnswerNowIsAskedAgain() throws Exception {
    store().next(2, GET.visible(), Fault.error(503, "SlowDown"));
    store().next(2, HEAD.visible(), Fault.error(500, "InternalError"));
    store().next(2, LIST, Fault.error(503, "SlowDown"));

    assertThat(target().stat(NAME)).isPresent();
    assertThat(target().list("")).hasSize(1);
    try (InputStream in = target().read(NAME, 0)) {
      assertThat(in.readAllBytes()).isEqualTo(bytes(SIZE));
    }
  }

  @Test
  void whatTheStoreCanNeverAnswerIsUnavailable() {
    store().always(request -> true, Fault.error(503, "SlowDown"));

    assertFails(Kind.UNAVAILABLE, () -> target().read(NAME, 0).close());
    assertFails(Kind.UNAVAILABLE, () -> target().stat(NAME));
    assertFails(Kind.UNAVAILABLE, () -> target().list(""));
    assertFails(Kind.UNAVAILABLE, () -> target().delete(NAME));
    assertFails(Kind.UNAVAILABLE, () -> target().sweepLeftovers());
  }

  @Test
  void aListThatIsCutOffIsAskedForAgainAndNeverShorter() throws Exception {
    store().next(LIST, Fault.truncateAnswer(200));
    assertThat(target().list("")).hasSize(1);

    store().always(LIST, Fault.truncateAnswer(200));
    assertFails(Kind.UNAVAILABLE, () -> target().list(""));
  }

  @Test
  void theLostAnswerToADeletionIsNoHarm() throws Exception {
    store().next(StoreRequest.Kind.DELETE.visible(), Fault.loseAnswer());

    target().delete(NAME);

    assertThat(target().stat(NAME)).isEmpty();
    writeForeign(SIZE);
  }

  private BackupTarget stack() {
    Backoff backoff = new Backoff(5, Duration.ofMillis(1), Duration.ofMillis(10));
    return TargetStack.over(target(), true, backoff, Waiter.SLEEP);
  }
}
