package dev.openmemory.backup;

import static dev.openmemory.backup.sample.Failures.failureOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.openmemory.backup.BackupEvent.Phase;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.internal.lock.HomeLock;
import dev.openmemory.backup.sample.AtPhase;
import dev.openmemory.backup.sample.FileWriters;
import dev.openmemory.backup.sample.WitnessedInstallation;
import dev.openmemory.backup.undo.UndoRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** No writer runs while data is exchanged, nor on data that is half exchanged. */
class HeldForRestoreTest extends WitnessedBackupFixture {
  private static final BackupName FIRST = new BackupName("first");
  private static final RestoreRequest DISCARDING = RestoreRequest.STANDARD.discardingPrevious();

  private Map<String, String> restored;
  private Map<String, String> old;

  @BeforeEach
  void backUpAndChange() throws IOException {
    backups.create(sample.installation(), BackupRequest.STANDARD.withName(FIRST));
    restored = sample.checksums();
    sample.fill(2);
    old = sample.contents();
    writers.forgetLog();
  }

  @Test
  void writersAreStoppedForTheExchangeAndTheFirstThatRunsIsAskedBeforeTheOthersRun()
      throws IOException {
    restore();

    assertThat(writers.logged())
        .containsExactly(
            "close control",
            "pause a-page",
            "pause b-api",
            "pause c-store",
            "stop a-page",
            "stop b-api",
            "stop c-store",
            "apply live: paused/stopped",
            "apply detached: paused/stopped",
            "resume c-store",
            "await ready: paused/running/stopped",
            "confirm live: paused/running/stopped",
            "confirm detached: paused/running/stopped",
            "resume b-api",
            "await ready: paused/running/stopped",
            "resume a-page",
            "await ready: paused/running/stopped",
            "keep running: paused/running/stopped",
            "commit live: paused/running/stopped",
            "commit detached: paused/running/stopped",
            "resume c-store",
            "resume b-api",
            "resume a-page",
            "close control");
    assertThat(sample.checksums()).isEqualTo(restored);
    assertNothingIsLeft();
  }

  @Test
  void oneThatUsesNothingOfWhatIsReplacedRunsOnAlsoWhenAllIsPutBack() throws IOException {
    writers.turnOn("c-store.uses", "live");
    writers.turnOn("c-store.ends-for-good");
    for (String fault : List.of("", "detached.refuses-confirm", "detached.refuses-apply")) {
      if (!fault.isEmpty()) {
        writers.turnOn(fault);
      }
      Throwable failure = catchThrowable(() -> restoreOnly("detached"));
      if (!fault.isEmpty()) {
        assertThat(failure).hasMessageContaining(fault);
        writers.turnOff(fault);
      }
      assertThat(writers.logged())
          .contains("stop b-api", "resume b-api")
          .noneMatch(line -> line.matches("(pause|stop|resume) c-store"));
      assertNothingIsLeft();
      assertThat(sample.checksums()).containsEntry("detached/data", restored.get("detached/data"));
    }
    assertThat(failureOf(() -> restoreOnly("live")).kind()).isEqualTo(Kind.UNSUPPORTED);
  }

  @Test
  void suchAnOneRunsOnWhileALaterRunPutsTheDataBack() throws IOException {
    writers.turnOn("c-store.uses", "live");
    writers.turnOn("detached.refuses-apply");
    writers.turnOn("detached.refuses-rollback");
    assertThat(failureOf(() -> restoreOnly("detached")).kind()).isEqualTo(Kind.NOT_ROLLED_BACK);
    writers.turnOff("detached.refuses-rollback");

    backups.recover(sample.installation());

    assertThat(writers.logged()).noneMatch(line -> line.matches("(pause|stop|resume) c-store"));
    assertIsAsBefore();
  }

  private void restoreOnly(String component) throws IOException {
    backups.restore(
        FIRST, sample.installation(), RestoreRequest.STANDARD.withOnly(Set.of(component)));
  }

  @Test
  void writersThatDidNotRunAreNeitherStartedNorAsked() throws IOException {
    for (String name : WitnessedInstallation.RUNNING) {
      writers.set(name, FileWriters.STOPPED);
    }
    restore();

    assertThat(writers.logged())
        .noneMatch(line -> line.startsWith("resume") || line.startsWith("confirm"));
    assertThat(sample.isHeld(FileWriters.STOPPED)).isTrue();
    assertThat(sample.checksums()).isEqualTo(restored);
  }

  @Test
  void aDryRunHoldsNoWriter() throws IOException {
    backups.restore(FIRST, sample.installation(), RestoreRequest.STANDARD.asDryRun());

    assertThat(writers.logged()).containsExactly("close control");
    assertIsAsBefore();
  }

  @Test
  void aWriterThatCouldNotBeStartedAgainIsRefusedBeforeAnyIsHeldAlsoInADryRun() throws IOException {
    writers.turnOn("c-store.ends-for-good");
    for (RestoreRequest request :
        List.of(RestoreRequest.STANDARD.asDryRun(), RestoreRequest.STANDARD)) {
      BackupException failure =
          failureOf(() -> backups.restore(FIRST, sample.installation(), request));

      assertThat(failure.kind()).isEqualTo(Kind.UNSUPPORTED);
      assertThat(writers.logged()).noneMatch(line -> line.matches("(pause|stop|apply) .*"));
      assertIsAsBefore();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "all.not-ready, await ready: paused/running/stopped",
    "detached.refuses-confirm, confirm detached: paused/running/stopped",
    "b-api.refuses-resume, resume b-api"
  })
  void afterAFailureBehindTheExchangeWritersAreStoppedAgainAndAllIsPutBack(
      String fault, String last) throws IOException {
    writers.turnOn(fault);

    BackupException failure =
        failsWith(new AtPhase(Phase.ROLLBACK, "detached", () -> writers.turnOff(fault)));

    assertThat(failure.kind()).isEqualTo(Kind.ROLLED_BACK);
    assertWasStoppedAgainForTheRollback(last);
    assertIsAsBefore();
  }

  @ParameterizedTest
  @CsvSource({
    "a-page.refuses-resume, a-page does not run on the restored data: ",
    "all.end-again, not everything keeps running on the restored data: "
  })
  void onceOneConfirmsChangesThatAnotherDoesNotRunIsAWarningAndTheNextRunStartsIt(
      String fault, String warning) throws IOException {
    writers.turnOn(fault);

    RestoreReport report = restore();

    assertThat(report.warnings())
        .extracting(Warning::code)
        .containsExactly("writer-not-running", "previous-kept", "writer-not-running");
    assertThat(report.warnings().get(0).message()).startsWith(warning);
    assertThat(writers.logged()).noneMatch(line -> line.startsWith("rollback"));
    assertThat(sample.checksums()).containsAllEntriesOf(restored);
    assertThat(report.previous()).containsOnlyKeys("live", "detached");
    assertThat(sample.heldRecord()).exists();
    writers.turnOff(fault);
    backups.recover(sample.installation());
    assertNothingIsLeft();
  }

  @Test
  void oneThatRunsAndIsNotReadyMayHaveConfirmedChangesSoNothingIsPutBack() throws IOException {
    AtPhase look = new AtPhase(Phase.CONFIRM, "detached", () -> writers.turnOn("all.not-ready"));
    backups = backups.withListener(look);

    RestoreReport report = restore();

    assertThat(report.warnings())
        .extracting(Warning::message)
        .satisfiesExactly(
            api -> assertThat(api).startsWith("b-api does not run"),
            page -> assertThat(page).startsWith("a-page does not run"),
            kept -> assertThat(kept).contains("the data from before was kept"));
    assertThat(sample.checksums()).containsAllEntriesOf(restored);
    assertNothingIsLeft();
    assertThat(report.previous()).containsOnlyKeys("live", "detached");
    writers.turnOff("all.not-ready");
    backups.undo(sample.installation(), UndoRequest.STANDARD);
    assertThat(sample.contents()).containsAllEntriesOf(old);
  }

  @Test
  void whileTheRecordOfTheRestoreCannotBeChangedNothingIsPutBack() throws IOException {
    Path aside = temp.resolve("restore.json");
    AtPhase.Step putInItsWay =
        () -> {
          Files.move(sample.restoreRecord(), aside);
          Files.createDirectories(sample.restoreRecord().resolve("in the way"));
        };

    BackupException failure = failsWith(new AtPhase(Phase.CONFIRM, "detached", putInItsWay));

    assertThat(failure.kind()).isEqualTo(Kind.NOT_ROLLED_BACK);
    assertThat(failure)
        .hasMessageContaining("its record cannot be changed")
        .hasMessageContaining("running on it: c-store");
    assertThat(writers.logged()).noneMatch(line -> line.startsWith("rollback"));
    Files.delete(sample.restoreRecord().resolve("in the way"));
    Files.delete(sample.restoreRecord());
    Files.move(aside, sample.restoreRecord());
    backups.recover(sample.installation());
    assertIsAsBefore();
  }

  @Test
  void whenTheExchangeFailsHalfWayAllIsPutBackBeforeAnyWriterRuns() throws IOException {
    writers.turnOn("detached.refuses-apply");

    assertThat(fails().kind()).isEqualTo(Kind.ROLLED_BACK);

    assertThat(writers.logged())
        .containsSubsequence(
            "apply live: paused/stopped",
            "rollback detached: paused/stopped",
            "rollback live: paused/stopped",
            "resume c-store",
            "close control");
    assertIsAsBefore();
  }

  @Test
  void whenOneCannotBeStoppedAgainNothingIsPutBackBeneathItUntilTheNextRun() throws IOException {
    writers.turnOn("detached.refuses-confirm");
    BackupException failure =
        failsWith(
            new AtPhase(Phase.CONFIRM, "detached", () -> writers.turnOn("c-store.refuses-hold")));

    assertThat(failure.kind()).isEqualTo(Kind.NOT_ROLLED_BACK);
    assertThat(failure)
        .hasMessageContaining("was not undone")
        .hasMessageContaining("The restored data is in place and was left alone")
        .hasMessageContaining("running on it: c-store");
    assertThat(writers.logged()).noneMatch(line -> line.startsWith("rollback"));
    assertThat(sample.checksums()).containsAllEntriesOf(restored);
    assertThat(sample.heldRecord()).exists();
    writers.turnOff("c-store.refuses-hold");
    backups.recover(sample.installation());
    assertIsAsBefore();
  }

  @Test
  void oneThatIsStartedDuringTheExchangeIsStoppedAgainAndAllIsPutBack() throws IOException {
    Backups watched =
        backups.withListener(
            new AtPhase(Phase.APPLY, "detached", () -> writers.set("b-api", FileWriters.RUNNING)));

    BackupException failure =
        failureOf(() -> watched.restore(FIRST, sample.installation(), DISCARDING));

    assertThat(failure.kind()).isEqualTo(Kind.LOCKED);
    assertThat(failure).hasMessageContaining("b-api").hasMessageContaining("watches containers");
    assertThat(writers.logged())
        .containsSubsequence("apply detached: paused/running/stopped", "stop b-api")
        .contains("rollback live: paused/stopped");
    assertIsAsBefore();
  }

  @Test
  void oneThatIsMadeAnewOrStartedWhereNoneRanIsStoppedToo() throws IOException {
    for (String name : List.of("b-api", "c-store")) {
      if (name.equals("c-store")) {
        for (String each : writers.names()) {
          writers.set(each, FileWriters.STOPPED);
        }
      }
      Map<String, String> before = sample.checksums();
      AtPhase.Step start =
          () -> {
            writers.turnOn(name + ".anew");
            writers.set(name, FileWriters.RUNNING);
          };
      Backups watched = backups.withListener(new AtPhase(Phase.APPLY, "detached", start));
      writers.forgetLog();

      assertThat(failureOf(() -> watched.restore(FIRST, sample.installation(), DISCARDING)).kind())
          .isEqualTo(Kind.LOCKED);

      assertThat(writers.logged()).containsSubsequence("stop " + name, "resume " + name);
      assertThat(writers.logged())
          .filteredOn(line -> line.startsWith("rollback"))
          .isNotEmpty()
          .noneMatch(line -> line.contains("running"));
      assertThat(sample.checksums()).isEqualTo(before);
      assertThat(writers.state(name)).isEqualTo(FileWriters.RUNNING);
      assertNoRecordIsLeft();
    }
  }

  @Test
  void whenOneRefusesToStopNothingIsExchanged() throws IOException {
    writers.turnOn("c-store.refuses-hold");

    assertThat(fails().kind()).isEqualTo(Kind.DENIED);

    assertThat(writers.logged()).noneMatch(line -> line.startsWith("apply"));
    assertIsAsBefore();
  }

  @Test
  void whatWasOnlyStagedAndCannotBeRemovedMixesNothingAndGoesWithTheNextRun() throws IOException {
    writers.turnOn("c-store.refuses-hold");
    writers.turnOn("live.refuses-rollback");

    assertThat(fails().kind()).isEqualTo(Kind.DENIED);

    assertThat(sample.runsAsBefore()).isTrue();
    writers.turnOff("live.refuses-rollback");
    assertThat(backups.recover(sample.installation())).isNotEmpty();
    assertIsAsBefore();
  }

  @Test
  void anInterruptAtAnyPointPutsAllBackAndStaysSet() throws IOException {
    Map<Phase, String> points =
        Map.of(Phase.HOLD, "writers", Phase.APPLY, "detached", Phase.CONFIRM, "live");
    for (Map.Entry<Phase, String> point : points.entrySet()) {
      Thread thread = Thread.currentThread();
      BackupException failure =
          failsWith(new AtPhase(point.getKey(), point.getValue(), thread::interrupt));

      assertThat(Thread.interrupted()).as("%s", point).isTrue();
      assertThat(failure.kind()).as("%s", point).isIn(Kind.CANCELLED, Kind.ROLLED_BACK);
      assertIsAsBefore();
    }
  }

  @Test
  void cancellingWhileWritersAreAskedPutsAllBack() throws IOException {
    Cancellation cancellation = new Cancellation();
    backups = backups.withCancellation(cancellation);

    BackupException failure = failsWith(new AtPhase(Phase.CONFIRM, "live", cancellation::cancel));

    assertThat(failure.kind()).isEqualTo(Kind.CANCELLED);
    assertIsAsBefore();
  }

  @Test
  void theRecordOfAStopThatWasCutOffStaysUntilTheWritersKeepRunning() throws IOException {
    writers.turnOn("c-store.refuses-hold");
    writers.turnOn("a-page.refuses-resume");
    assertThat(fails().kind()).isEqualTo(Kind.DENIED);
    writers.turnOff("c-store.refuses-hold");
    writers.turnOff("a-page.refuses-resume");
    writers.turnOn("all.end-again");

    assertThat(recoveryFails().kind()).isEqualTo(Kind.FAILED);

    assertThat(sample.heldRecord()).exists();
    assertThat(sample.contents()).isEqualTo(old);
    writers.turnOff("all.end-again");
    writers.forgetLog();
    assertThat(backups.recover(sample.installation())).hasSize(1);
    assertThat(writers.logged())
        .endsWith("resume a-page", "keep running: paused/running/stopped", "close control");
    assertIsAsBefore();
  }

  @Test
  void whatCannotBePutBackKeepsItsWritersStoppedUntilTheNextRunHasPutItBack() throws IOException {
    failToRollBack();

    assertKeepsWritersStopped();
    assertThat(writers.logged()).endsWith("close control");
    writers.forgetLog();
    writers.turnOff("live.refuses-rollback");
    assertThat(backups.recover(sample.installation())).hasSize(2);
    assertThat(writers.logged())
        .containsSubsequence("rollback live: paused/stopped", "resume c-store", "resume a-page");
    assertIsAsBefore();
  }

  @Test
  void aRecoveryThatFailsKeepsThemStoppedToo() throws IOException {
    failToRollBack();

    assertThat(recoveryFails().kind()).isEqualTo(Kind.DENIED);
    assertKeepsWritersStopped();
    assertThat(writers.logged()).noneMatch(line -> line.startsWith("replace repair"));
    writers.turnOff("live.refuses-rollback");
    backups.retryRecovery(sample.installation());
    assertThat(writers.logged()).containsSubsequence("replace repair of live", "resume c-store");
    assertIsAsBefore();
  }

  @Test
  void afterTheRollbackOfTheRestoreAndOfOneRunFailedNoDataIsTouchedUntilAPersonSaysWhatToDo()
      throws IOException {
    failToRollBackAndToRecover();
    writers.turnOff("live.refuses-rollback");
    Map<String, String> repaired = sample.contents();
    writers.forgetLog();

    BackupException refusal = recoveryFails();
    BackupException backup =
        failureOf(() -> backups.create(sample.installation(), BackupRequest.named("next")));

    for (BackupException failure : List.of(refusal, backup)) {
      assertThat(failure.kind()).isEqualTo(Kind.NOT_ROLLED_BACK);
      assertThat(failure).hasMessageContaining("failed twice").hasMessageContaining("refuses");
    }
    assertThat(writers.logged()).isEmpty();
    assertThat(sample.contents()).isEqualTo(repaired);
    backups.retryRecovery(sample.installation());
    assertIsAsBefore();
  }

  @Test
  void aRepairByHandIsAcceptedAsItIsAndWritersRunOnIt() throws IOException {
    failToRollBackAndToRecover();
    sample.fill(3);
    Map<String, String> repaired = sample.checksums();
    writers.turnOff("live.refuses-rollback");

    assertThat(backups.acceptRepair(sample.installation()))
        .hasSize(2)
        .anyMatch(done -> done.contains("left the data as it is"));

    assertThat(sample.checksums()).containsAllEntriesOf(repaired);
    assertThat(sample.runsAsBefore()).isTrue();
    assertNoRecordIsLeft();
    assertThat(backups.recover(sample.installation())).isEmpty();
    assertThat(backups.acceptRepair(sample.installation())).isEmpty();
  }

  @Test
  void oneRunAtATimePutsAnInstallationInOrder() throws IOException {
    failToRollBackAndToRecover();
    try (HomeLock other = HomeLock.take(sample.home(), "test", Clock.systemUTC())) {
      assertThat(other).isNotNull();
      for (ThrowingCallable each :
          List.<ThrowingCallable>of(
              () -> backups.recover(sample.installation()),
              () -> backups.retryRecovery(sample.installation()),
              () -> backups.acceptRepair(sample.installation()))) {
        BackupException refusal = failureOf(each);
        assertThat(refusal.kind()).isEqualTo(Kind.LOCKED);
        assertThat(refusal).hasMessageContaining("in use: test by process");
      }
      assertKeepsWritersStopped();
    }
    writers.turnOff("live.refuses-rollback");
    backups.retryRecovery(sample.installation());
    assertIsAsBefore();
  }

  @Test
  void aPartThatCannotBePutBackDoesNotKeepTheOthersFromTheirPlaces() throws IOException {
    writers.turnOn("detached.refuses-rollback");
    failToRollBack();
    writers.turnOff("detached.refuses-rollback");

    assertThat(recoveryFails().kind()).isEqualTo(Kind.DENIED);

    assertThat(sample.contents()).containsEntry("detached/data", old.get("detached/data"));
  }

  private void failToRollBack() throws IOException {
    writers.turnOn("detached.refuses-confirm");
    writers.turnOn("live.refuses-rollback");
    assertThat(fails().kind()).isEqualTo(Kind.NOT_ROLLED_BACK);
  }

  private void failToRollBackAndToRecover() throws IOException {
    failToRollBack();
    assertThat(recoveryFails().kind()).isEqualTo(Kind.DENIED);
    assertKeepsWritersStopped();
  }

  private BackupException recoveryFails() {
    BackupException failure = failureOf(() -> backups.recover(sample.installation()));
    return failure;
  }

  @Test
  void aWriterThatWasStartedByHandIsStoppedForTheRollbackAndRunsAfterIt() throws IOException {
    failToRollBack();
    writers.turnOff("live.refuses-rollback");
    writers.set("e-off", FileWriters.RUNNING);
    writers.forgetLog();

    backups.recover(sample.installation());

    assertThat(writers.logged()).containsSubsequence("stop e-off", "rollback live: paused/stopped");
    assertThat(writers.state("e-off")).isEqualTo(FileWriters.RUNNING);
    assertThat(sample.contents()).isEqualTo(old);
  }

  @Test
  void whenOneCannotBeStoppedForTheRollbackOfTheNextRunTheOthersStayStopped() throws IOException {
    failToRollBack();
    writers.turnOn("c-store.refuses-hold");

    assertThat(recoveryFails().kind()).isEqualTo(Kind.DENIED);
    assertKeepsWritersStopped();
    writers.turnOff("c-store.refuses-hold");
    writers.turnOff("live.refuses-rollback");
    backups.recover(sample.installation());
    assertIsAsBefore();
  }

  @Test
  void aWriterThatWasRemovedMeanwhileDoesNotPreventTheRollback() throws IOException {
    failToRollBack();
    writers.turnOff("live.refuses-rollback");
    writers.remove("b-api");

    backups.recover(sample.installation());

    assertThat(sample.contents()).isEqualTo(old);
    assertThat(writers.state("a-page")).isEqualTo(FileWriters.RUNNING);
    assertThat(writers.state("c-store")).isEqualTo(FileWriters.RUNNING);
    assertNoRecordIsLeft();
  }

  @Test
  void whatCannotBeMadeFinalIsFinishedByTheNextRun() throws IOException {
    writers.turnOn("detached.refuses-commit");

    assertThat(fails().kind()).isEqualTo(Kind.NO_SPACE);

    assertThat(sample.runsAsBefore()).isTrue();
    assertThat(sample.heldRecord()).doesNotExist();
    assertThat(writers.logged()).endsWith("close control");
    writers.turnOff("detached.refuses-commit");
    backups.recover(sample.installation());
    assertThat(sample.checksums()).isEqualTo(restored);
    assertNothingIsLeft();
  }

  private RestoreReport restore() throws IOException {
    return backups.restore(FIRST, sample.installation(), DISCARDING);
  }

  private BackupException fails() {
    return failsWith(event -> {});
  }

  private BackupException failsWith(BackupListener listener) {
    BackupException failure =
        failureOf(
            () -> backups.withListener(listener).restore(FIRST, sample.installation(), DISCARDING));
    return failure;
  }

  private void assertWasStoppedAgainForTheRollback(String after) throws IOException {
    List<String> logged = writers.logged();
    assertThat(logged.subList(logged.indexOf(after) + 1, logged.size()))
        .containsExactly(
            "pause a-page",
            "pause b-api",
            "pause c-store",
            "stop a-page",
            "stop b-api",
            "stop c-store",
            "rollback detached: paused/stopped",
            "rollback live: paused/stopped",
            "resume c-store",
            "resume b-api",
            "resume a-page",
            "keep running: paused/running/stopped",
            "close control");
  }

  private void assertKeepsWritersStopped() throws IOException {
    assertThat(sample.isHeld(FileWriters.STOPPED)).as("%s", writers.states()).isTrue();
    assertThat(sample.heldRecord()).exists();
    assertThat(sample.restoreRecord()).exists();
  }

  private void assertIsAsBefore() throws IOException {
    assertThat(sample.contents()).isEqualTo(old);
    assertNothingIsLeft();
  }

  private void assertNothingIsLeft() throws IOException {
    assertThat(sample.runsAsBefore()).as("%s", writers.states()).isTrue();
    assertNoRecordIsLeft();
  }

  private void assertNoRecordIsLeft() {
    assertThat(sample.heldRecord()).doesNotExist();
    assertThat(sample.restoreRecord()).doesNotExist();
    assertThat(temp.resolve("scratch")).isEmptyDirectory();
  }
}
