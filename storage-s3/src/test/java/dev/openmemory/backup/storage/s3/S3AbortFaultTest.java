package dev.openmemory.backup.storage.s3;

import static dev.openmemory.backup.storage.s3.StoreRequest.Kind.ABORT;
import static dev.openmemory.backup.storage.s3.StoreRequest.Kind.DELETE;
import static dev.openmemory.backup.storage.s3.StoreRequest.Kind.LIST_UPLOADS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.openmemory.backup.spi.Content;
import dev.openmemory.backup.spi.WriteOptions;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What befalls the clean-up after a write that failed or succeeded, and the sweep after that. */
class S3AbortFaultTest extends OnFaultyStore {
  private final IOException gaveUp = new IOException("gave up");

  private void giveUp() {
    Content broken =
        out -> {
          out.write(bytes(LARGE));
          throw gaveUp;
        };
    Throwable thrown = catchThrowable(() -> target().write(NAME, broken, WriteOptions.CREATE_ONLY));
    assertThat(thrown).isSameAs(gaveUp);
  }

  /** What could not be cleaned up is known, and goes with the next sweep. */
  private void assertSweptOnce() throws IOException {
    assertThat(records()).hasSize(1);
    store().heal();

    assertThat(target().sweepLeftovers()).singleElement().asString().contains(key(NAME));

    assertThat(openUploads()).isEmpty();
    assertThat(records()).isEmpty();
    assertThat(target().sweepLeftovers()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"500, InternalError", "503, SlowDown"})
  void anAbortThatFailsOnceIsTriedAgain(int status, String code) {
    store().next(ABORT.visible(), Fault.error(status, code));

    giveUp();

    assertThat(store().requests(ABORT.visible())).hasSize(2);
    assertThat(openUploads()).isEmpty();
  }

  @Test
  void theLostAnswerToAnAbortIsNoHarm() {
    store().next(ABORT.visible(), Fault.loseAnswer());

    giveUp();

    assertThat(openUploads()).isEmpty();
  }

  @Test
  void anAbortThatAPartSurvivedIsRepeated() {
    // It is said to be done, and nothing happens.
    store().next(ABORT.visible(), Fault.answer(204, List.of(), ""));

    giveUp();

    assertThat(store().requests(ABORT.visible())).hasSize(2);
  }

  @ParameterizedTest
  @CsvSource({"500, InternalError", "503, SlowDown", "403, AccessDenied"})
  void anUploadThatCannotBeAbortedIsSweptLater(int status, String code) throws Exception {
    store().always(ABORT.visible(), Fault.error(status, code));

    giveUp();

    assertThat(openUploads()).containsExactly(key(NAME));
    assertSweptOnce();
  }

  @Test
  void anAbortThatIsNeverAnsweredIsLeftToASweep() throws Exception {
    store().always(ABORT.visible(), Fault.stallAfter(0));

    giveUp();

    assertSweptOnce();
  }

  @Test
  void anUploadThatOutlivesEachAbortIsSweptLater() throws Exception {
    store().always(ABORT.visible(), Fault.answer(204, List.of(), ""));

    giveUp();

    assertThat(openUploads()).containsExactly(key(NAME));
    assertSweptOnce();
  }

  @Test
  void aRecordThatCannotBeRemovedIsNoFailureAndIsSweptLater() throws Exception {
    target().traits();
    store().always(DELETE.hidden(), Fault.error(503, "SlowDown"));

    write(LARGE);

    assertHolds(LARGE);
    assertSweptOnce();
  }

  @Test
  void aSweepWhoseAbortIsRefusedSaysSoAndTheNextOneCleansUp() throws Exception {
    store().always(ABORT.visible(), Fault.error(403, "AccessDenied"));
    giveUp();

    Throwable refused = catchThrowable(() -> target().sweepLeftovers());

    assertThat(refused).hasMessageContaining("s3:AbortMultipartUpload");
    assertSweptOnce();
  }

  @Test
  void whoMayNotListUploadsStillWritesAndAborts() throws Exception {
    store().always(LIST_UPLOADS, Fault.error(403, "AccessDenied"));
    target().traits();

    giveUp();
    assertThat(openUploads()).isEmpty();
    write(LARGE);

    assertHolds(LARGE);
    store().heal();
    target().sweepLeftovers();
  }

  @Test
  void anAccountThatMayNotDeleteLeavesOneRecordHoweverOftenItRuns() throws Exception {
    target().traits();
    store().always(DELETE, Fault.error(403, "AccessDenied"));

    for (int night = 0; night < 3; night++) {
      reopen(Map.of());
      assertThat(target().sweepLeftovers()).isEmpty();
      for (int file = 0; file < 2; file++) {
        target().write(NAME, content(LARGE), WriteOptions.REPLACE);
      }
    }

    assertHolds(LARGE);
    assertThat(records()).hasSize(1);
    store().heal();
    reopen(Map.of());
    assertThat(target().sweepLeftovers()).isEmpty();
    assertThat(records()).isEmpty();
  }

  /** As s3rver, which has neither request. */
  private void knowNoOpenUploads() {
    target().traits();
    store().always(ABORT, Fault.error(501, "NotImplemented"));
    store().always(LIST_UPLOADS, Fault.error(405, "MethodNotAllowed"));
  }

  @Test
  void aCompletedUploadNeedsNoSweepAtAStoreThatCannotListUploads() throws Exception {
    knowNoOpenUploads();

    write(LARGE);

    assertHolds(LARGE);
    assertThat(records()).isEmpty();
    assertThat(target().sweepLeftovers()).isEmpty();
  }

  @Test
  void anUploadThatAStoreCannotAbortIsToldOnceAndNoSweepFailsForIt() throws Exception {
    knowNoOpenUploads();

    giveUp();

    assertThat(records()).isEmpty();
    assertThat(target().sweepLeftovers()).isEmpty();
    assertThat(openUploads()).containsExactly(key(NAME));
    abortAll();
  }

  @Test
  void aStoreThatForgotAllUploadsHasNoneToAbort() throws Exception {
    store().always(ABORT.visible(), Fault.error(503, "SlowDown"));
    giveUp();
    store().heal();
    abortAll();
    store().always(ABORT, Fault.error(404, "NoSuchUpload"));
    store().always(LIST_UPLOADS, Fault.error(404, "NoSuchUpload"));

    assertThat(target().sweepLeftovers()).singleElement().asString().contains(key(NAME));

    assertThat(records()).isEmpty();
  }

  @Test
  void aLivingUploadOfTheSameNameIsNotAborted() throws Exception {
    Content content =
        out -> {
          out.write(bytes(LARGE));
          giveUp();
          target().sweepLeftovers();
        };

    target().write(NAME, content, WriteOptions.CREATE_ONLY);

    assertHolds(LARGE);
  }

  @Test
  void uploadsOfOthersToOtherKeysAreLeftAlone() throws Exception {
    String foreign = key(NAME) + ".part";
    String id = raw().createMultipartUpload(r -> r.bucket(bucket()).key(foreign)).uploadId();

    giveUp();
    target().sweepLeftovers();

    assertThat(openUploads()).containsExactly(foreign);
    raw().abortMultipartUpload(r -> r.bucket(bucket()).key(foreign).uploadId(id));
  }
}
