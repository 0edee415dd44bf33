package dev.openmemory.backup.storage.s3;

import static dev.openmemory.backup.storage.s3.StoreRequest.Kind.COMPLETE;
import static dev.openmemory.backup.storage.s3.StoreRequest.Kind.CREATE;
import static dev.openmemory.backup.storage.s3.StoreRequest.Kind.GET;
import static dev.openmemory.backup.storage.s3.StoreRequest.Kind.HEAD;
import static dev.openmemory.backup.storage.s3.StoreRequest.Kind.PUT_OBJECT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.spi.WriteOptions;
import dev.openmemory.backup.storage.s3.internal.client.S3Requests;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.sync.RequestBody;

/** Stores that do not know the condition that makes a write create-only. */
class S3CreateOnlyTest extends OnFaultyStore {
  private static final Predicate<StoreRequest> CONDITIONAL =
      request -> request.header("If-None-Match").isPresent();

  @Override
  S3Server server() throws Exception {
    return S3ProxyServer.withoutSignatures();
  }

  /** What a store does not know, and how it does not. */
  static Stream<Arguments> ignorance() {
    Named<Fault> ignored = Named.of("ignored", Fault.ignore("If-None-Match"));
    Named<Fault> refused = Named.of("501", Fault.error(501, "NotImplemented"));
    return Stream.of(
        Arguments.of(Named.of("everywhere", CONDITIONAL), ignored),
        Arguments.of(Named.of("in complete", CONDITIONAL.and(COMPLETE)), ignored),
        Arguments.of(Named.of("everywhere", CONDITIONAL), refused),
        Arguments.of(Named.of("in complete", CONDITIONAL.and(COMPLETE)), refused),
        Arguments.of(
            Named.of("everywhere", CONDITIONAL),
            Named.of("400", Fault.error(400, "NotImplemented"))));
  }

  @Test
  void aStoreThatHonoursTheConditionIsTriedOnceAndLookedAtNoMore() throws Exception {
    assertThat(target().traits().exclusiveCreate()).isTrue();
    int tried = store().requests(CONDITIONAL).size();

    write(SMALL);
    target().traits();

    assertHolds(SMALL);
    assertThat(store().requests(CONDITIONAL)).hasSize(tried + 1);
    assertThat(store().requests(CONDITIONAL.and(PUT_OBJECT.visible()))).hasSize(1);
  }

  @ParameterizedTest
  @MethodSource("ignorance")
  void theTraitsSayWhatTheStoreCannotDo(Predicate<StoreRequest> requests, Fault fault) {
    store().always(requests, fault);

    assertThat(target().traits().exclusiveCreate()).isFalse();
  }

  @ParameterizedTest
  @MethodSource("ignorance")
  void anExistingNameIsRefusedAllTheSame(Predicate<StoreRequest> requests, Fault fault)
      throws Exception {
    store().always(requests, fault);
    writeForeign(3);

    assertFails(Kind.ALREADY_EXISTS, () -> write(SMALL));
    assertFails(Kind.ALREADY_EXISTS, () -> write(LARGE));

    assertHolds(3);
    assertThat(store().requests(CONDITIONAL)).allMatch(StoreRequest::isHidden);
  }

  @ParameterizedTest
  @MethodSource("ignorance")
  void aNewNameIsWrittenWithoutTheCondition(Predicate<StoreRequest> requests, Fault fault)
      throws Exception {
    store().always(requests, fault);

    write(LARGE);

    assertHolds(LARGE);
    assertThat(store().requests(CONDITIONAL)).allMatch(StoreRequest::isHidden);
  }

  @Test
  void aNameTakenDuringTheUploadIsSeenBeforeItsEnd() throws Exception {
    store().always(CONDITIONAL, Fault.ignore("If-None-Match"));

    assertFails(
        Kind.ALREADY_EXISTS,
        () ->
            target()
                .write(
                    NAME,
                    out -> {
                      out.write(bytes(LARGE));
                      writeForeign(3);
                    },
                    WriteOptions.CREATE_ONLY));

    assertHolds(3);
    assertThat(store().requests(COMPLETE.visible())).isEmpty();
  }

  @Test
  void whatCannotBeTriedNowIsTriedAgain() throws Exception {
    store().always(CONDITIONAL, Fault.error(503, "SlowDown"));
    assertThat(target().traits().exclusiveCreate()).isFalse();
    assertFails(Kind.UNAVAILABLE, () -> write(SMALL));
    store().heal();

    write(SMALL);

    assertThat(target().traits().exclusiveCreate()).isTrue();
    assertThat(store().requests(CONDITIONAL.and(PUT_OBJECT.visible()))).hasSize(1);
    assertHolds(SMALL);
  }

  @ParameterizedTest
  @CsvSource({"403, AccessDenied", "400, InvalidArgument", "405, MethodNotAllowed", "422, Odd"})
  void aConditionThatIsRefusedForWhateverReasonCountsAsNo(int status, String code)
      throws Exception {
    store().always(CONDITIONAL, Fault.error(status, code));

    write(SMALL);

    assertHolds(SMALL);
    assertThat(target().traits().exclusiveCreate()).isFalse();
    assertFails(Kind.ALREADY_EXISTS, () -> write(SMALL));
  }

  @Test
  void aStoreThatHonoursTheConditionIsTriedOnceForEachBucket() throws Exception {
    assertThat(target().traits().exclusiveCreate()).isTrue();
    reopen(Map.of());
    int before = store().requests().size();

    assertThat(target().traits().exclusiveCreate()).isTrue();

    assertThat(store().requests().subList(before, store().requests().size()))
        .extracting(r -> r.kind().orElseThrow())
        .containsExactly(PUT_OBJECT, GET);
  }

  @ParameterizedTest
  @CsvSource({"403, AccessDenied", "403, InvalidObjectState", "404, NoSuchKey", "400, Odd"})
  void aNoteThatCannotBeReadIsWrittenAgain(int status, String code) throws Exception {
    target().traits();
    reopen(Map.of());
    store().always(GET.hidden(), Fault.error(status, code));

    write(SMALL);

    assertHolds(SMALL);
    assertThat(target().traits().exclusiveCreate()).isTrue();
    assertThat(store().requests(CONDITIONAL.and(COMPLETE.hidden()))).hasSize(2);
  }

  @Test
  void whatIsKnownOfObjectsInOneRequestHoldsWhereNoUploadCanBegin() throws Exception {
    store().always(CREATE.hidden(), Fault.error(501, "NotImplemented"));

    write(SMALL);

    assertHolds(SMALL);
    assertThat(store().requests(CONDITIONAL.and(PUT_OBJECT.visible()))).hasSize(1);
    assertThat(target().traits().exclusiveCreate()).isFalse();
    assertFails(Kind.ALREADY_EXISTS, () -> write(LARGE));
  }

  @Test
  void theTraitsOfAStoreThatIsAwayAreNotAskedForAgainAtOnce() {
    store().always(CONDITIONAL, Fault.error(503, "SlowDown"));
    assertThat(target().traits().exclusiveCreate()).isFalse();
    int before = store().requests().size();

    assertThat(target().traits().exclusiveCreate()).isFalse();

    assertThat(store().requests()).hasSize(before);
  }

  @Test
  void whatWasLearntOfAnotherStoreIsNotBelieved() throws Exception {
    String key = "some/prefix/.openmemory-backup/create-only";
    raw()
        .putObject(
            r -> r.bucket(bucket()).key(key),
            RequestBody.fromString("honoured by https://s3.example.org for " + bucket()));
    store().always(CONDITIONAL.and(COMPLETE), Fault.ignore("If-None-Match"));

    assertThat(target().traits().exclusiveCreate()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {SMALL, LARGE})
  void aStoreThatNoLongerKnowsTheConditionIsWrittenToAllTheSameAndTriedAgain(int length)
      throws Exception {
    assertThat(target().traits().exclusiveCreate()).isTrue();
    store().always(CONDITIONAL, Fault.error(501, "NotImplemented"));

    write(length);

    assertHolds(length);
    assertFails(Kind.ALREADY_EXISTS, () -> write(SMALL));
    assertThat(store().requests(CONDITIONAL.and(r -> !r.isHidden()))).hasSize(1);
    reopen(Map.of());
    assertThat(target().traits().exclusiveCreate()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {SMALL, LARGE})
  void aNameWhoseNewestVersionIsADeleteMarkerIsFree(int length) throws Exception {
    target().traits();
    store()
        .always(
            CONDITIONAL.and(PUT_OBJECT.visible().or(COMPLETE.visible())),
            Fault.error(412, "PreconditionFailed"));
    store()
        .always(
            request -> request.target().contains("versions"),
            Fault.answer(
                200,
                Fault.XML,
                "<ListVersionsResult><DeleteMarker><IsLatest>true</IsLatest><Key>"
                    + key(NAME)
                    + "</Key></DeleteMarker></ListVersionsResult>"));

    write(length);

    assertHolds(length);
    assertFails(Kind.ALREADY_EXISTS, () -> write(length));
  }

  @ParameterizedTest
  @ValueSource(ints = {SMALL, LARGE})
  void aNameThatIsSaidToBeTakenAndIsNotSeenYetIsLeftAlone(int length) throws Exception {
    target().traits();
    writeForeign(3);
    store().always(HEAD.visible(), Fault.error(404, "NoSuchKey"));

    assertFails(Kind.ALREADY_EXISTS, () -> write(length));

    assertHolds(3);
  }

  @ParameterizedTest
  @ValueSource(ints = {SMALL, LARGE})
  void aStoreThatKeepsNoMetadataIsTakenAtItsWordAndMeasured(int size) throws Exception {
    store()
        .always(
            request -> request.header("x-amz-meta-" + S3Requests.WRITE_ID).isPresent(),
            Fault.ignore("x-amz-meta-" + S3Requests.WRITE_ID));

    write(size);

    assertHolds(size);
    assertFails(Kind.ALREADY_EXISTS, () -> write(3));
  }

  @Test
  void anObjectOfOursThatIsSeenLateIsNotTakenForThatOfAnother() throws Exception {
    store().always(CONDITIONAL, Fault.ignore("If-None-Match"));
    store().next(PUT_OBJECT.visible(), Fault.loseAnswer());
    store().next(PUT_OBJECT.visible(), Fault.error(409, "ConditionalRequestConflict"));
    store().next(2, HEAD.visible(), Fault.error(404, "NoSuchKey"));

    write(SMALL);

    assertHolds(SMALL);
  }

  @Test
  void aReplacementAsksForNoCondition() throws Exception {
    target().write(NAME, content(LARGE), WriteOptions.REPLACE);
    target().write(NAME, content(SMALL), WriteOptions.REPLACE);

    assertHolds(SMALL);
    assertThat(store().requests(CONDITIONAL)).isEmpty();
  }
}
