package dev.openmemory.backup;

import static dev.openmemory.backup.sample.Failures.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.BackupEvent.Phase;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Manifest.Component;
import dev.openmemory.backup.sample.AtPhase;
import dev.openmemory.backup.sample.FileWriters;
import dev.openmemory.backup.sample.SampleInstallation;
import dev.openmemory.backup.sample.WitnessedInstallation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Writers are held for as long as a capture needs them to be, and run again however it ends. */
class HeldForBackupTest extends WitnessedBackupFixture {
  private static final BackupRequest FIRST =
      BackupRequest.STANDARD.withName(new BackupName("first")).streamed();

  @Test
  void everyWriterIsPausedForWhatIsLiveAndRunsAgainBeforeTheRestIsStored() throws IOException {
    backups.create(sample.installation(), FIRST);

    assertThat(writers.logged())
        .containsExactly(
            "pause a-page",
            "pause b-api",
            "pause c-store",
            "capture live: paused/stopped",
            "capture detached: paused/stopped",
            "store live.bin.gz: paused/stopped",
            "read live: paused/stopped",
            "resume c-store",
            "resume b-api",
            "resume a-page",
            "close control",
            "check detached: paused/running/stopped",
            "store detached.bin.gz: paused/running/stopped",
            "read detached: paused/running/stopped");
    assertThat(target.whileHeld()).containsExactly("write live.bin.gz");
    assertIsAsBefore();
    assertThat(backups.verify(new BackupName("first")).problems()).isEmpty();
  }

  @Test
  void theReportAndTheManifestSayWhoWasHeldAndHow() throws IOException {
    BackupReport report = backups.create(sample.installation(), FIRST);

    BackupReport.Held held = report.held().orElseThrow();
    assertThat(held.writers()).isEqualTo(WitnessedInstallation.RUNNING);
    assertThat(held.how()).isEqualTo(Quiesce.PAUSE);
    assertThat(held.time()).isPositive().isLessThanOrEqualTo(report.elapsed());
    assertThat(report.manifest().quiesce()).isEqualTo("pause");
    assertThat(stored.text("first/manifest.json")).containsPattern("\"quiesce\"\\s*:\\s*\"pause\"");
  }

  @Test
  void thatNothingIsKnownToPauseIsAWarningUnlessTheRequestSaysThatNothingRuns() throws IOException {
    SampleInstallation unknown = SampleInstallation.unpackSlimTo(temp.resolve("unknown"));

    assertThat(notPaused(unknown, FIRST)).isTrue();
    assertThat(notPaused(unknown, BackupRequest.named("b").withQuiesce(Quiesce.NONE))).isFalse();
    BackupRequest memories = BackupRequest.named("c").withOnly(Set.of(Component.DATABASE));
    assertThat(notPaused(unknown, memories)).isFalse();
  }

  private boolean notPaused(SampleInstallation unknown, BackupRequest request) throws IOException {
    BackupReport report = backups.create(unknown.installation(), request);
    return report.manifest().warnings().stream()
        .anyMatch(warning -> warning.code().equals(Warning.NOT_PAUSED));
  }

  @Test
  void whoIsToBeStoppedIsPausedBeforeTheFirstIsStopped() throws IOException {
    BackupReport report = backups.create(sample.installation(), FIRST.withQuiesce(Quiesce.STOP));

    assertThat(writers.logged())
        .startsWith("pause a-page", "pause b-api", "pause c-store")
        .containsSubsequence(
            "stop a-page", "stop b-api", "stop c-store", "capture live: paused/stopped");
    assertThat(report.manifest().quiesce()).isEqualTo("stop");
    assertIsAsBefore();
  }

  @Test
  void whoIsNotToBeHeldIsNotTouched() throws IOException {
    BackupReport report = backups.create(sample.installation(), FIRST.withQuiesce(Quiesce.NONE));

    assertThat(report.held()).isEmpty();
    assertThat(report.manifest().quiesce()).isEqualTo("none");
    assertThat(writers.logged())
        .containsExactly(
            "capture live: paused/running/stopped",
            "capture detached: paused/running/stopped",
            "store live.bin.gz: paused/running/stopped",
            "read live: paused/running/stopped",
            "check detached: paused/running/stopped",
            "store detached.bin.gz: paused/running/stopped",
            "read detached: paused/running/stopped");
  }

  @Test
  void withoutRunningWritersNoneIsHeldAndNoneIsStarted() throws IOException {
    for (String name : WitnessedInstallation.RUNNING) {
      writers.set(name, FileWriters.STOPPED);
    }
    BackupReport report = backups.create(sample.installation(), FIRST);

    assertThat(report.held()).isEmpty();
    assertThat(report.manifest().quiesce()).isEqualTo("none");
    assertThat(sample.isHeld(FileWriters.STOPPED)).isTrue();
    assertThat(sample.heldRecord()).doesNotExist();
  }

  @Test
  void theRecordOfTheHeldIsThereBeforeTheFirstIsHeld() throws IOException {
    Path inTheWay = sample.heldRecord().resolve("file");
    Backups hindered =
        backups.withListener(
            new AtPhase(Phase.HOLD, "writers", () -> Files.createDirectories(inTheWay)));

    assertThat(fails(hindered, sample).kind()).isEqualTo(Kind.LOCKED);

    assertThat(writers.logged()).containsExactly("close control");
  }

  @Test
  void whenOneRefusesToBeHeldAllRunAndNothingIsStored() throws IOException {
    writers.turnOn("b-api.refuses-hold");

    assertThat(fails(backups, sample).kind()).isEqualTo(Kind.DENIED);

    assertThat(writers.logged())
        .containsSubsequence("pause a-page", "pause b-api", "resume a-page", "close control")
        .noneMatch(line -> line.startsWith("capture"));
    assertNothingIsLeft();
  }

  @Test
  void whenACaptureFailsAllRunAndNothingIsStored() throws IOException {
    writers.turnOn("detached.refuses-capture");
    assertThat(fails(backups, sample).kind()).isEqualTo(Kind.CORRUPT);
    assertNothingIsLeft();
  }

  @Test
  void whenACopyIsDamagedAllRunAlreadyAndNothingIsStored() throws IOException {
    writers.turnOn("detached.refuses-check");
    assertThat(fails(backups, sample).kind()).isEqualTo(Kind.CORRUPT);
    assertThat(writers.logged()).contains("resume a-page");
    assertNothingIsLeft();
  }

  @Test
  void aTargetWithoutRoomIsRefusedBeforeAnyWriterIsHeld() throws IOException {
    Files.writeString(writers.directory().resolve("detached.plain-bytes"), "9000");
    target.leaveRoomFor(8999);

    assertThat(fails(backups, sample).kind()).isEqualTo(Kind.NO_SPACE);

    assertThat(writers.logged()).isEmpty();
    assertNothingIsLeft();
  }

  @Test
  void whenLiveContentFailsHalfWayAllRunAndNothingIsStored() throws IOException {
    writers.turnOn("live.refuses-read");
    assertThat(fails(backups, sample).kind()).isEqualTo(Kind.CORRUPT);
    assertNothingIsLeft();
  }

  @Test
  void whenDetachedContentFailsHalfWayWhatWasStoredBeforeIsRemoved() throws IOException {
    writers.turnOn("detached.refuses-read");
    assertThat(fails(backups, sample).kind()).isEqualTo(Kind.CORRUPT);
    assertThat(writers.logged()).contains("store live.bin.gz: paused/stopped");
    assertNothingIsLeft();
  }

  @Test
  void whoCancelsWhileWritersAreHeldHasThemRunningAgain() throws IOException {
    Cancellation cancellation = new Cancellation();
    Backups cancelled =
        backups
            .withCancellation(cancellation)
            .withListener(new AtPhase(Phase.CAPTURE, "live", cancellation::cancel));

    assertThat(fails(cancelled, sample).kind()).isEqualTo(Kind.CANCELLED);

    assertThat(writers.logged()).contains("capture live: paused/stopped", "resume a-page");
    assertNothingIsLeft();
  }

  @Test
  void anInterruptWhileWritersAreHeldLetsThemRunAgainAndStaysSet() throws IOException {
    for (Phase phase : List.of(Phase.HOLD, Phase.CAPTURE, Phase.PUBLISH, Phase.RESUME)) {
      Thread thread = Thread.currentThread();
      String subject = phase == Phase.HOLD || phase == Phase.RESUME ? "writers" : "live";
      Backups interrupted = backups.withListener(new AtPhase(phase, subject, thread::interrupt));

      BackupException failure = fails(interrupted, sample);

      assertThat(Thread.interrupted()).as("%s", phase).isTrue();
      assertThat(failure.kind()).as("%s", phase).isEqualTo(Kind.CANCELLED);
      assertNothingIsLeft();
    }
  }

  @Test
  void whenOneCannotBeResumedTheOthersAreAndTheNextRunTriesAgain() throws IOException {
    writers.turnOn("b-api.refuses-resume");

    assertThat(fails(backups, sample).kind()).isEqualTo(Kind.UNAVAILABLE);

    assertThat(writers.state("a-page")).isEqualTo(FileWriters.RUNNING);
    assertThat(writers.state("b-api")).isEqualTo(FileWriters.PAUSED);
    assertThat(writers.state("c-store")).isEqualTo(FileWriters.RUNNING);
    assertThat(sample.heldRecord()).exists();
    assertThat(target.list("first/")).isEmpty();

    writers.turnOff("b-api.refuses-resume");
    backups.create(sample.installation(), FIRST);
    assertIsAsBefore();
  }

  @Test
  void aControlThatBreaksOnOneWriterDoesNotKeepTheOthers() throws IOException {
    writers.turnOn("c-store.breaks-resume");

    assertThat(fails(backups, sample).kind()).isEqualTo(Kind.FAILED);

    assertThat(writers.state("a-page")).isEqualTo(FileWriters.RUNNING);
    assertThat(writers.state("b-api")).isEqualTo(FileWriters.RUNNING);
    writers.turnOff("c-store.breaks-resume");
    assertThat(backups.recover(sample.installation()))
        .singleElement()
        .asString()
        .contains("c-store");
    assertIsAsBefore();
  }

  @Test
  void aWriterThatIsRemovedWhileItIsHeldKeepsNoOtherPaused() throws IOException {
    Backups removing =
        backups.withListener(new AtPhase(Phase.CAPTURE, "live", () -> writers.remove("b-api")));

    removing.create(sample.installation(), FIRST);

    assertThat(writers.state("a-page")).isEqualTo(FileWriters.RUNNING);
    assertThat(writers.state("c-store")).isEqualTo(FileWriters.RUNNING);
    assertThat(sample.heldRecord()).doesNotExist();
  }

  @Test
  void whatAWriterTellsBeforeItIsHeldIsAmongTheFactsAndNeverInsteadOfThem() throws IOException {
    Files.writeString(writers.directory().resolve("c-store.points"), "42");

    BackupReport report = backups.create(sample.installation(), FIRST);

    Facts live = report.manifest().components().get(0).facts();
    assertThat(live.number("observed")).hasValue(42);
    assertThat(live.number("bytes")).hasValue(Files.size(sample.data("live")));
    assertThat(report.manifest().components().get(1).facts().number("observed")).isEmpty();
    assertThat(writers.logged())
        .containsSubsequence(
            "prepare c-store: paused/running/stopped",
            "pause a-page",
            "pause b-api",
            "observe c-store: paused/running/stopped",
            "pause c-store");
  }

  @Test
  void aShortPauseIsNoWarning() throws IOException {
    BackupReport report = backups.create(sample.installation(), FIRST);
    assertThat(report.held().orElseThrow().time()).isLessThan(Duration.ofSeconds(5));
    assertThat(report.manifest().warnings()).isEmpty();
  }

  private static BackupException fails(Backups backups, WitnessedInstallation sample) {
    BackupException failure = failureOf(() -> backups.create(sample.installation(), FIRST));
    return failure;
  }

  private void assertIsAsBefore() throws IOException {
    assertThat(sample.runsAsBefore()).as("%s", writers.states()).isTrue();
    assertThat(sample.heldRecord()).doesNotExist();
    assertThat(temp.resolve("scratch")).isEmptyDirectory();
  }

  private void assertNothingIsLeft() throws IOException {
    assertIsAsBefore();
    assertThat(target.list("first/")).isEmpty();
  }
}
