package dev.openmemory.backup.storage.s3;

import static dev.openmemory.backup.storage.s3.StoreRequest.Kind.COMPLETE;
import static dev.openmemory.backup.storage.s3.StoreRequest.Kind.CREATE;
import static dev.openmemory.backup.storage.s3.StoreRequest.Kind.HEAD;
import static dev.openmemory.backup.storage.s3.StoreRequest.Kind.PUT_OBJECT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.spi.WriteOptions;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What befalls the requests that make an object visible, and those that prepare it. */
class S3PublishFaultTest extends OnFaultyStore {
  /** Both ways of an object into the store: its length, and the request that makes it visible. */
  static Stream<Arguments> ways() {
    return Stream.of(
        Arguments.of(SMALL, Named.of("put", PUT_OBJECT.visible())),
        Arguments.of(LARGE, Named.of("complete", COMPLETE.visible())));
  }

  @Test
  void aCompleteThatSaysOkAndMeansAnErrorIsAskedAgain() throws Exception {
    store().next(COMPLETE.visible(), Fault.answer(200, Fault.XML, Fault.body("InternalError")));

    write(LARGE);

    assertHolds(LARGE);
  }

  @Test
  void aCompleteThatAlwaysSaysOkAndMeansAnErrorIsAFailure() {
    store().always(COMPLETE.visible(), Fault.answer(200, Fault.XML, Fault.body("InternalError")));

    assertFails(Kind.UNAVAILABLE, () -> write(LARGE));
  }

  @Test
  void aCompleteThatSaysOkAndMeansARefusalIsAFailure() {
    store().always(COMPLETE.visible(), Fault.answer(200, Fault.XML, Fault.body("AccessDenied")));

    assertFails(Kind.DENIED, () -> write(LARGE));
  }

  @ParameterizedTest
  @MethodSource("ways")
  void theLostAnswerToACreateOnlyWriteIsASuccess(int length, Predicate<StoreRequest> publish)
      throws Exception {
    store().next(publish, Fault.loseAnswer());

    assertThat(write(length).size()).isEqualTo(length);

    assertHolds(length);
    assertThat(store().requests(publish)).hasSizeGreaterThan(1);
  }

  @ParameterizedTest
  @MethodSource("ways")
  void answersThatAlwaysGetLostAreASuccess(int length, Predicate<StoreRequest> publish)
      throws Exception {
    store().always(publish, Fault.loseAnswer());

    assertThat(write(length).size()).isEqualTo(length);

    assertHolds(length);
  }

  @ParameterizedTest
  @MethodSource("ways")
  void theLostAnswerToAReplacementIsASuccess(int length, Predicate<StoreRequest> publish)
      throws Exception {
    writeForeign(1);
    store().next(publish, Fault.loseAnswer());

    target().write(NAME, content(length), WriteOptions.REPLACE);

    assertHolds(length);
  }

  @Test
  void anUploadThatIsGoneAfterALostAnswerWasCompletedByIt() throws Exception {
    store().next(COMPLETE.visible(), Fault.loseAnswer());
    store().always(COMPLETE.visible(), Fault.error(404, "NoSuchUpload"));

    write(LARGE);

    assertHolds(LARGE);
  }

  @ParameterizedTest
  @MethodSource("ways")
  void aWriteThatMayHaveSucceededIsNotInTheWayOfItsRepetition(
      int length, Predicate<StoreRequest> publish) throws Exception {
    // The look before an upload in parts works, those after it do not.
    store().next(length == LARGE ? 1 : 0, HEAD.visible(), Fault.none());
    store().always(HEAD.visible(), Fault.error(503, "SlowDown"));
    store().always(publish, Fault.loseAnswer());
    assertFails(Kind.UNAVAILABLE, () -> write(length));
    store().heal();

    write(length);

    assertHolds(length);
  }

  @ParameterizedTest
  @MethodSource("ways")
  void whoIsSlowerThanAnotherWriterLeavesWhatThatOneWrote(
      int length, Predicate<StoreRequest> publish) throws Exception {
    store().next(publish, Fault.after(() -> writeForeign(7)));

    assertFails(Kind.ALREADY_EXISTS, () -> write(length));

    assertHolds(7);
  }

  @ParameterizedTest
  @MethodSource("ways")
  void aConflictWithAWriterThatGivesUpIsTriedAgain(int length, Predicate<StoreRequest> publish)
      throws Exception {
    store().next(2, publish, Fault.error(409, "ConditionalRequestConflict"));

    write(length);

    assertHolds(length);
  }

  @ParameterizedTest
  @MethodSource("ways")
  void aStoreThatIsBusyAtTheEndIsAskedAgain(int length, Predicate<StoreRequest> publish)
      throws Exception {
    store().next(2, publish, Fault.error(503, "SlowDown"));
    store().next(publish, Fault.cutAfter(10));

    write(length);

    assertHolds(length);
  }

  @ParameterizedTest
  @MethodSource("ways")
  void aRefusalAtTheEndLeavesNothing(int length, Predicate<StoreRequest> publish) {
    store().always(publish, Fault.error(403, "AccessDenied"));

    assertFails(Kind.DENIED, () -> write(length));
  }

  @Test
  void anUploadWhoseCreationWasNotHeardOfIsNotLeft() throws Exception {
    store().next(2, CREATE.visible(), Fault.loseAnswer());

    write(LARGE);

    assertHolds(LARGE);
    assertThat(store().requests(CREATE.visible())).hasSize(3);
  }

  @Test
  void anUploadWhoseIdWasCutOffIsNotLeft() throws Exception {
    store().next(CREATE.visible(), Fault.truncateAnswer(100));

    write(LARGE);

    assertHolds(LARGE);
  }

  @Test
  void uploadsThatAreNeverHeardOfAreNotLeft() {
    store().always(CREATE.visible(), Fault.loseAnswer());

    assertFails(Kind.UNAVAILABLE, () -> write(LARGE));

    assertThat(store().requests(CREATE.visible())).hasSize(5);
  }

  @Test
  void whereNoRecordCanBeWrittenNoUploadIsBegun() {
    target().traits();
    store().always(PUT_OBJECT.hidden(), Fault.error(403, "AccessDenied"));

    assertFails(Kind.DENIED, () -> write(LARGE));

    assertThat(store().requests(CREATE.visible())).isEmpty();
  }
}
