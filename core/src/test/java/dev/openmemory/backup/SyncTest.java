package dev.openmemory.backup;

import static dev.openmemory.backup.sample.Failures.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.sample.RecordingTarget;
import dev.openmemory.backup.sample.SampleInstallation;
import dev.openmemory.backup.sample.StoredObjects;
import dev.openmemory.backup.sync.SyncReport;
import dev.openmemory.backup.sync.SyncReport.Outcome;
import dev.openmemory.backup.sync.SyncReport.Synced;
import dev.openmemory.backup.sync.SyncRequest;
import dev.openmemory.backup.testkit.FaultPlan;
import dev.openmemory.backup.testkit.FaultPlan.Verb;
import dev.openmemory.backup.testkit.FaultyBackupTarget;
import dev.openmemory.backup.testkit.InMemoryBackupTarget;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is copied arrives whole or not at all, and only what is missing moves. */
class SyncTest {
  private static final SyncRequest DRY_RUN = SyncRequest.STANDARD.deletingMissing().asDryRun();
  private static final SyncRequest UNVERIFIED = SyncRequest.STANDARD.withoutVerification();

  @TempDir Path temp;
  private final InMemoryBackupTarget source = new InMemoryBackupTarget();
  private final InMemoryBackupTarget destination = new InMemoryBackupTarget();
  private StoredObjects from;
  private StoredObjects to;
  private RecordingTarget writtenTo;
  private SampleInstallation sample;

  @BeforeEach
  void open() throws IOException {
    from = new StoredObjects(source);
    to = new StoredObjects(destination);
    writtenTo = new RecordingTarget(StoredObjects.at(destination, "memory:sync"));
    sample = SampleInstallation.unpackSlimTo(temp.resolve("openmemory"));
    from.create(sample, "b01");
  }

  @Test
  void ofTwentyBackupsTheTwoThatAreMissingAreSentAndThenNothingMore() throws IOException {
    for (int i = 2; i <= 20; i++) {
      from.copy("b01", String.format("b%02d", i));
    }
    sync(SyncRequest.STANDARD);
    to.remove("b07");
    to.remove("b20");
    writtenTo.forget();

    SyncReport report = sync(SyncRequest.STANDARD);

    assertThat(report.backups()).filteredOn(b -> b.outcome() == Outcome.SAME).hasSize(18);
    assertThat(report.backups())
        .filteredOn(b -> b.outcome() == Outcome.SENT)
        .extracting(b -> b.name().value())
        .containsExactly("b07", "b20");
    assertThat(writtenTo.writes())
        .allMatch(name -> name.startsWith("b07/") || name.startsWith("b20/"));
    assertThat(to.objects()).isEqualTo(from.objects());
    writtenTo.forget();

    SyncReport again = sync(SyncRequest.STANDARD);

    assertThat(again.backups()).hasSize(20).allMatch(b -> b.outcome() == Outcome.SAME);
    assertThat(again.sentBytes()).isZero();
    assertThat(again.speedUp().orElseThrow()).isGreaterThan(1);
    assertThat(writtenTo.writes()).isEmpty();
    assertThat(writtenTo.deletes()).isEmpty();
    assertThat(writtenTo.reads()).hasSize(20).doesNotHaveDuplicates();
    assertThat(writtenTo.reads()).allMatch(name -> name.endsWith("/manifest.json"));
  }

  @Test
  void whatWasSentBeforeABreakIsNotSentAgain() throws IOException {
    FaultyBackupTarget breaks =
        breaking(FaultPlan.on(Verb.WRITE).named(".tar.gz").fail(Kind.DENIED));
    assertFails(Kind.DENIED, breaks);
    assertThat(Backups.in(destination).list()).isEmpty();
    writtenTo.forget();

    SyncReport report = sync(SyncRequest.STANDARD);

    assertThat(report.backups()).extracting(Synced::outcome).containsExactly(Outcome.SENT);
    assertThat(writtenTo.writes())
        .contains("b01/qdrant-storage.tar.gz", "b01/manifest.json")
        .doesNotContain("b01/openmemory.db");
    assertThat(to.objects()).isEqualTo(from.objects());
  }

  @Test
  void aFileOfABrokenSyncThatWentBadIsSentAgain() throws IOException {
    assertFails(Kind.DENIED, breaking(FaultPlan.on(Verb.WRITE).named(".tar.gz").fail(Kind.DENIED)));
    to.flip("b01/openmemory.db");

    sync(SyncRequest.STANDARD);

    assertThat(to.objects()).isEqualTo(from.objects());
  }

  @Test
  void whatABrokenSyncLeftIsKeptForAWeek() throws IOException {
    Backups later =
        Backups.in(destination).withClock(Clock.offset(Clock.systemUTC(), Duration.ofDays(8)));
    assertFails(Kind.DENIED, breaking(FaultPlan.on(Verb.WRITE).named(".tar.gz").fail(Kind.DENIED)));
    to.letTheOwnerDie("b01");

    assertThat(Backups.in(destination).sweepLeftovers()).isEmpty();
    assertThat(to.objects()).containsKey("b01/openmemory.db");
    assertThat(later.sweepLeftovers()).singleElement().asString().contains("b01");
    assertThat(to.objects()).isEmpty();
  }

  @Test
  void aBackupThatAnActiveRunOfAnotherProcessCopiesIsLeftToIt() throws IOException {
    assertFails(Kind.DENIED, breaking(FaultPlan.on(Verb.WRITE).named(".tar.gz").fail(Kind.DENIED)));
    to.giveTo("b01", ProcessHandle.current().parent().orElseThrow());

    SyncReport report = sync(SyncRequest.STANDARD);

    assertThat(report.backups()).extracting(Synced::outcome).containsExactly(Outcome.FAILED);
    assertThat(report.backups().get(0).detail()).contains("in use by");
    assertThat(report.ok()).isFalse();
  }

  @Test
  void aRottenSourceIsReportedAndTheOthersAreCopied() throws IOException {
    from.copy("b01", "b02");
    from.flip("b01/openmemory.db");

    SyncReport report = sync(SyncRequest.STANDARD);

    assertThat(report.backups())
        .extracting(Synced::outcome)
        .containsExactly(Outcome.FAILED, Outcome.SENT);
    assertThat(report.backups().get(0).detail()).contains("SHA-256");
    assertThat(to.objects().keySet()).noneMatch(name -> name.startsWith("b01/"));
  }

  @Test
  void aDestinationThatSpoilsBytesIsFoundOutByReadingBack() throws IOException {
    FaultyBackupTarget spoils =
        breaking(FaultPlan.on(Verb.WRITE).named(".db").afterBytes(1000).flipBit());

    SyncReport report = Backups.in(source).sync(spoils, SyncRequest.STANDARD);

    spoils.verifyAllFired();
    assertThat(report.backups()).extracting(Synced::outcome).containsExactly(Outcome.FAILED);
    assertThat(to.objects()).isEmpty();
  }

  @Test
  void withoutVerifyingNothingIsReadBack() throws IOException {
    SyncReport report = sync(UNVERIFIED);

    assertThat(report.receivedBytes()).isZero();
    assertThat(writtenTo.reads()).isEmpty();
    assertThat(to.objects()).isEqualTo(from.objects());
  }

  @Test
  void ofADamagedCopyTheSoundFilesStay() throws IOException {
    sync(SyncRequest.STANDARD);
    to.remove("b01/openmemory.db");
    writtenTo.forget();

    SyncReport report = sync(SyncRequest.STANDARD);

    assertThat(report.backups()).extracting(Synced::outcome).containsExactly(Outcome.UPDATED);
    assertThat(writtenTo.writes())
        .contains("b01/openmemory.db", "b01/manifest.json")
        .doesNotContain("b01/qdrant-storage.tar.gz", "b01/config.json");
    assertThat(to.objects()).isEqualTo(from.objects());
  }

  @Test
  void anotherBackupOfTheInstallationUnderTheNameIsReplaced() throws IOException {
    sync(SyncRequest.STANDARD);
    from.remove("b01");
    from.create(sample, "b01");
    writtenTo.forget();

    SyncReport report = sync(SyncRequest.STANDARD);

    assertThat(report.backups()).extracting(Synced::outcome).containsExactly(Outcome.UPDATED);
    assertThat(to.objects()).isEqualTo(from.objects());
    assertThat(writtenTo.deletes().get(0)).isEqualTo("b01/manifest.json");
  }

  @Test
  void aRottenSourceCostsNoOlderCopy() throws IOException {
    sync(SyncRequest.STANDARD);
    from.remove("b01");
    from.create(sample, "b01");
    from.flip("b01/backup-info.txt");
    Object before = to.objects();

    SyncReport report = sync(SyncRequest.STANDARD);

    assertThat(report.backups()).extracting(Synced::outcome).containsExactly(Outcome.FAILED);
    assertThat(to.objects()).isEqualTo(before);
  }

  @Test
  void aBackupOfAnotherInstallationUnderTheNameIsNotTouched() throws IOException {
    to.create(SampleInstallation.unpackSlimTo(temp.resolve("other")), "b01");
    Object before = to.objects();

    SyncReport report = sync(SyncRequest.STANDARD);

    assertThat(report.backups()).extracting(Synced::outcome).containsExactly(Outcome.REFUSED);
    assertThat(report.backups().get(0).detail()).contains("installation");
    assertThat(to.objects()).isEqualTo(before);
  }

  @Test
  void aDryRunSaysWhatWouldBeDoneAndChangesNothing() throws IOException {
    from.copy("b01", "gone");
    sync(SyncRequest.STANDARD);
    from.remove("gone");
    from.copy("b01", "new");
    to.remove("b01/openmemory.db");
    Object before = to.objects();

    SyncReport report = sync(DRY_RUN);

    assertThat(report.backups())
        .extracting(Synced::outcome)
        .containsExactly(Outcome.UPDATED, Outcome.SENT, Outcome.DELETED);
    assertThat(report.backups().get(0).files()).isEqualTo(1);
    assertThat(report.backups().get(1).bytes()).isPositive();
    assertThat(to.objects()).isEqualTo(before);
  }

  @Test
  void aScriptsBackupKeepsItsTimesAndIsKnownAgain() throws IOException {
    Instant old = Instant.parse("2023-12-15T14:30:22Z");
    from.remove("b01");
    from.writeScripted("scripted", old);

    SyncReport first = sync(SyncRequest.STANDARD);
    SyncReport second = sync(SyncRequest.STANDARD);

    assertThat(first.backups()).extracting(Synced::outcome).containsExactly(Outcome.SENT);
    assertThat(second.backups()).extracting(Synced::outcome).containsExactly(Outcome.SAME);
    assertThat(to.objects()).isEqualTo(from.objects());
    assertThat(Backups.in(destination).list().get(0).created()).isEqualTo(old);
  }

  @Test
  void aScriptsBackupThatBrokeOffIsContinued() throws IOException {
    from.remove("b01");
    from.writeScripted("scripted", Instant.parse("2023-12-15T14:30:22Z"));
    assertFails(
        Kind.DENIED, breaking(FaultPlan.on(Verb.WRITE).named("openmemory.db").fail(Kind.DENIED)));
    assertThat(Backups.in(destination).list()).isEmpty();
    writtenTo.forget();

    sync(SyncRequest.STANDARD);

    assertThat(writtenTo.writes())
        .contains("scripted/openmemory.db")
        .doesNotContain("scripted/config.json", "scripted/backup-info.txt");
    assertThat(to.objects()).isEqualTo(from.objects());
  }

  @Test
  void namesChooseAndAnUnknownOneIsNotFound() throws IOException {
    from.copy("b01", "b02");
    sync(named("b02"));
    assertThat(Backups.in(destination).list())
        .extracting(b -> b.name().value())
        .containsExactly("b02");
    BackupException unknown = failureOf(() -> sync(named("none")));
    assertThat(unknown.kind()).isEqualTo(Kind.NOT_FOUND);
  }

  @Test
  void aTargetIsNotSyncedWithItself() {
    BackupException failure =
        failureOf(() -> Backups.in(source).sync(source, SyncRequest.STANDARD));
    assertThat(failure.kind()).isEqualTo(Kind.INVALID);
  }

  @Test
  void aCancelledSyncListsNothingAndTheNextCompletesIt() throws IOException {
    Cancellation cancellation = new Cancellation();
    Backups cancelled =
        Backups.in(source)
            .withCancellation(cancellation)
            .withListener(
                event -> {
                  if (event instanceof dev.openmemory.backup.BackupEvent.FileFinished) {
                    cancellation.cancel();
                  }
                });

    BackupException failure = failureOf(() -> cancelled.sync(writtenTo, SyncRequest.STANDARD));

    assertThat(failure.kind()).isEqualTo(Kind.CANCELLED);
    assertThat(Backups.in(destination).list()).isEmpty();
    sync(SyncRequest.STANDARD);
    assertThat(to.objects()).isEqualTo(from.objects());
  }

  private SyncReport sync(SyncRequest request) throws IOException {
    return Backups.in(source).sync(writtenTo, request);
  }

  private FaultyBackupTarget breaking(FaultPlan plan) {
    return new FaultyBackupTarget(writtenTo, plan);
  }

  private void assertFails(Kind kind, FaultyBackupTarget breaks) {
    BackupException failure =
        failureOf(() -> Backups.in(source).sync(breaks, SyncRequest.STANDARD));
    assertThat(failure.kind()).isEqualTo(kind);
    breaks.verifyAllFired();
  }

  private static SyncRequest named(String name) {
    return SyncRequest.STANDARD.withNames(Set.of(new BackupName(name)));
  }
}
