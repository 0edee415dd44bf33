package dev.openmemory.backup.storage.s3;

import static dev.openmemory.backup.storage.s3.StoreRequest.Kind.COMPLETE;
import static dev.openmemory.backup.storage.s3.StoreRequest.Kind.PUT_OBJECT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.spi.WriteOptions;
import dev.openmemory.backup.storage.s3.internal.client.S3Requests;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

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

  @ParameterizedTest
  @CsvSource({"503, SlowDown, UNAVAILABLE", "403, AccessDenied, DENIED"})
  void whatCannotBeTriedCountsAsNo(int status, String code, Kind kind) throws Exception {
    store().always(CONDITIONAL, Fault.error(status, code));
    assertFails(kind, () -> write(SMALL));
    assertThat(target().traits().exclusiveCreate()).isFalse();
    writeForeign(3);

    assertFails(Kind.ALREADY_EXISTS, () -> write(SMALL));

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
  void aReplacementAsksForNoCondition() throws Exception {
    target().write(NAME, content(LARGE), WriteOptions.REPLACE);
    target().write(NAME, content(SMALL), WriteOptions.REPLACE);

    assertHolds(SMALL);
    assertThat(store().requests(CONDITIONAL)).isEmpty();
  }
}
