package dev.openmemory.backup.storage.s3;

import static dev.openmemory.backup.storage.s3.StoreRequest.Kind.ABORT;
import static dev.openmemory.backup.storage.s3.StoreRequest.Kind.COMPLETE;
import static dev.openmemory.backup.storage.s3.StoreRequest.Kind.CREATE;
import static dev.openmemory.backup.storage.s3.StoreRequest.Kind.PUT_OBJECT;
import static dev.openmemory.backup.storage.s3.StoreRequest.Kind.PUT_PART;
import static java.time.ZoneOffset.UTC;
import static java.time.format.DateTimeFormatter.RFC_1123_DATE_TIME;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.spi.Content;
import dev.openmemory.backup.spi.WriteOptions;
import dev.openmemory.backup.storage.s3.internal.part.PartPlan;
import java.io.IOException;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What befalls the parts of an upload. */
class S3PartFaultTest extends OnFaultyStore {
  @ParameterizedTest
  @CsvSource({
    "1, 500, InternalError",
    "2, 503, SlowDown",
    "3, 503, SlowDown",
    "2, 429, Throttling"
  })
  void aPartThatTheStoreCannotTakeNowIsSentAgain(int part, int status, String code)
      throws Exception {
    store().next(3, PUT_PART.part(part), Fault.error(status, code));

    write(LARGE);

    assertHolds(LARGE);
    assertThat(store().requests(PUT_PART.part(part))).hasSize(4);
    assertThat(store().requests(CREATE.visible())).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({"1, 500, InternalError", "2, 503, SlowDown", "3, 503, SlowDown"})
  void aStoreThatNeverTakesAPartIsUnavailable(int part, int status, String code) {
    store().always(PUT_PART.part(part), Fault.error(status, code));

    assertFails(Kind.UNAVAILABLE, () -> write(LARGE));

    assertThat(store().requests(PUT_PART.part(part))).hasSize(5);
    assertThat(store().requests(COMPLETE.visible())).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, PART / 2, PART})
  void aConnectionThatBreaksWithinAPartIsMadeAgain(int bytes) throws Exception {
    store().next(2, PUT_PART.part(2), Fault.cutAfter(bytes));

    write(LARGE);

    assertHolds(LARGE);
  }

  @Test
  void connectionsThatAlwaysBreakAreUnavailable() {
    store().always(PUT_PART.visible(), Fault.cutAfter(PART / 2));

    assertFails(Kind.UNAVAILABLE, () -> write(LARGE));
  }

  @Test
  void aStoreThatStopsTakingAPartIsAskedAgain() throws Exception {
    // What systems take over for a client whom nobody listens to is less than such a part.
    reopen(Map.of("part-size", "5MiB", "parallelism", "1"));
    int length = Math.toIntExact(PartPlan.SMALLEST_PART) + 1;
    store().next(PUT_PART.part(1), Fault.stallAfter(1000));

    write(length);

    assertHolds(length);
    assertThat(store().requests(PUT_PART.part(1))).hasSize(2);
  }

  @Test
  void aStoreThatTakesAPartAndIsSilentIsAskedAgain() throws Exception {
    store().next(PUT_PART.part(3), Fault.silence());

    write(LARGE);

    assertHolds(LARGE);
  }

  @Test
  void aLineBehindDeepBuffersGetsTimeUntilItsPartsAreThrough() throws Exception {
    reopen(Map.of("parallelism", "1"));
    // 30, 60 and 120 s are too short for the first part, 240 s are enough for each.
    store()
        .always(
            PUT_PART.visible(),
            exchange -> {
              exchange.takeBody();
              store().time().pass(Duration.ofSeconds(200));
              Fault.none().happen(exchange);
            });

    write(LARGE);

    assertHolds(LARGE);
    assertThat(store().requests(PUT_PART.part(1))).hasSize(4);
    assertThat(store().requests(PUT_PART.visible())).hasSize(4 + 2);
  }

  @Test
  void theLongestTimeIsGivenTwiceAndNoMore() throws Exception {
    reopen(Map.of("parallelism", "1", "timeout", "PT16M"));
    store().always(PUT_PART.visible(), Fault.silence());

    assertFails(Kind.TIMEOUT, () -> write(LARGE));

    assertThat(store().requests(PUT_PART.visible())).hasSize(2);
  }

  @Test
  void aSmallObjectGetsNoMoreTimeThanTheFirst() {
    store()
        .always(
            PUT_OBJECT.visible(),
            exchange -> {
              exchange.takeBody();
              store().time().pass(Duration.ofSeconds(40));
              exchange.reset();
            });

    assertFails(Kind.TIMEOUT, () -> write(SMALL));

    assertThat(store().requests(PUT_OBJECT.visible())).hasSize(5);
  }

  @Test
  void eachAttemptThatIsRepeatedIsTold() throws Exception {
    store().next(PUT_PART.part(2), Fault.error(503, "SlowDown"));
    store().next(PUT_PART.part(2), Fault.cutAfter(10));

    write(LARGE);

    assertHolds(LARGE);
    assertThat(told())
        .hasSize(2)
        .allMatch(line -> line.contains(" part 2 is sent again after attempt "))
        .anyMatch(line -> line.endsWith("attempt 1 of 5: the store says 503"))
        .anyMatch(line -> line.contains("attempt 2 of 5: "));
  }

  @Test
  void aStoreThatNeverTakesAPartToItsEndIsATimeout() throws Exception {
    // With one part at a time no hour is left over for what clears up.
    reopen(Map.of("parallelism", "1"));
    store().always(PUT_PART.visible(), Fault.stallAfter(1000));

    assertFails(Kind.TIMEOUT, () -> write(LARGE));

    assertThat(store().requests(PUT_PART.visible())).hasSize(5);
  }

  @Test
  void theLostAnswerToAPartIsNoLoss() throws Exception {
    store().next(2, PUT_PART.part(1), Fault.loseAnswer());

    write(LARGE);

    assertHolds(LARGE);
  }

  @Test
  void aRefusalInTheMiddleEndsTheUploadAtOnce() {
    store().always(PUT_PART.part(2), Fault.error(403, "AccessDenied"));

    var failure = assertFails(Kind.DENIED, () -> write(LARGE));

    assertThat(failure).hasMessageContaining("s3:PutObject");
    assertThat(store().requests(PUT_PART.part(2))).hasSize(1);
    assertThat(store().requests(ABORT.visible())).isNotEmpty();
  }

  @Test
  void aClockThatDriftedAwayInTheMiddleIsDeniedWithBothTimes() {
    // The SDK shifts the clock of every later client of this JVM by the difference.
    String date = RFC_1123_DATE_TIME.format(ZonedDateTime.now(UTC).minusSeconds(30));
    store()
        .always(
            PUT_PART.part(2),
            Fault.answer(
                403,
                List.of("Content-Type: application/xml", "Date: " + date),
                "<Error><Code>RequestTimeTooSkewed</Code><Message>m</Message></Error>"));

    var failure = assertFails(Kind.DENIED, () -> write(LARGE));

    assertThat(failure).hasMessageContaining("the store says " + date);
  }

  @Test
  void anUploadThatSomebodyAbortedFailsAndIsNotBegunAgain() {
    store().next(PUT_PART.part(2), Fault.after(this::abortAll));
    // This store would take parts of an aborted upload.
    store().always(PUT_PART.part(3), Fault.error(404, "NoSuchUpload"));

    var failure = assertFails(Kind.FAILED, () -> write(LARGE));

    assertThat(failure).hasMessageContaining("the store no longer knows the upload");
    assertThat(store().requests(CREATE.visible())).hasSize(1);
  }

  @Test
  void aPartThatArrivesAlteredIsCorrupt() {
    store().always(PUT_PART.part(1), Fault.error(400, "BadDigest"));

    assertFails(Kind.CORRUPT, () -> write(LARGE));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, PART, PART + 1, LARGE})
  void contentThatThrowsIsNeverPublished(int bytes) {
    IOException failure = new IOException("gave up");
    Content broken =
        out -> {
          out.write(bytes(bytes));
          throw failure;
        };

    Throwable thrown = catchThrowable(() -> target().write(NAME, broken, WriteOptions.CREATE_ONLY));

    assertThat(thrown).isSameAs(failure);
    assertThat(store().requests(COMPLETE.visible())).isEmpty();
  }

  @Test
  void contentThatSwallowsTheFailureOfAPartCannotPublishTheRest() {
    store().always(PUT_PART.part(1), Fault.error(403, "AccessDenied"));
    Content deaf =
        out -> {
          for (int parts = 0; parts < 6; parts++) {
            try {
              out.write(bytes(PART));
            } catch (IOException e) {
              // As compressors do that close in a finally.
            }
          }
        };

    assertFails(Kind.DENIED, () -> target().write(NAME, deaf, WriteOptions.CREATE_ONLY));

    assertThat(store().requests(COMPLETE.visible())).isEmpty();
  }

  @Test
  void theRecordIsThereBeforeTheUploadAndGoesAfterIt() throws Exception {
    target().write(NAME, content(LARGE), WriteOptions.REPLACE);

    assertHolds(LARGE);
    List<StoreRequest> sent = store().requests();
    int created = sent.indexOf(store().requests(CREATE.visible()).get(0));
    int completed = sent.indexOf(store().requests(COMPLETE.visible()).get(0));
    assertThat(sent.subList(0, created)).anyMatch(S3PartFaultTest::isRecordWrite);
    assertThat(sent.subList(0, completed)).noneMatch(S3PartFaultTest::isRecordRemoval);
    assertThat(sent.subList(completed, sent.size())).anyMatch(S3PartFaultTest::isRecordRemoval);
  }

  @Test
  void noPartWaitsForAPermissionThatManyStoresNeverGive() throws Exception {
    // For less the SDK never asks.
    reopen(Map.of("part-size", "5MiB"));
    int length = Math.toIntExact(PartPlan.SMALLEST_PART) + 1;

    write(length);

    assertHolds(length);
    assertThat(store().requests(PUT_PART)).noneMatch(r -> r.header("Expect").isPresent());
  }

  @Test
  void aRefusalBeforeThePartWasTakenIsSeenAsOne() {
    store().always(PUT_PART.part(1), Fault.earlyError(403, "AccessDenied"));

    assertFails(Kind.DENIED, () -> write(LARGE));
  }

  private static boolean isRecordWrite(StoreRequest request) {
    return request.method().equals("PUT") && request.key().contains("/uploads/");
  }

  private static boolean isRecordRemoval(StoreRequest request) {
    return request.method().equals("DELETE") && request.key().contains("/uploads/");
  }
}
