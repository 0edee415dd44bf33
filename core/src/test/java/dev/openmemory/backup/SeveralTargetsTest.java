package dev.openmemory.backup;

import static dev.openmemory.backup.sample.Failures.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.BackupEvent.WarningRaised;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.sample.StoredObjects;
import dev.openmemory.backup.sample.VanishingTarget;
import dev.openmemory.backup.sample.WitnessedInstallation;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.spi.ObjectInfo;
import dev.openmemory.backup.testkit.FaultPlan;
import dev.openmemory.backup.testkit.FaultPlan.Verb;
import dev.openmemory.backup.testkit.FaultyBackupTarget;
import dev.openmemory.backup.testkit.InMemoryBackupTarget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** One backup goes to several targets; one that fails costs the others nothing. */
class SeveralTargetsTest {
  private static final BackupName NAME = new BackupName("all");
  private static final BackupRequest NAMED = BackupRequest.STANDARD.withName(NAME);
  private static final int FIRST_HALF = 100_000;

  @TempDir Path temp;
  private final List<BackupTarget> targets = new ArrayList<>();
  private final List<BackupEvent> events = new ArrayList<>();
  private WitnessedInstallation sample;

  @BeforeEach
  void make() throws IOException {
    sample = WitnessedInstallation.create(temp.resolve("openmemory"));
    for (String name : List.of("a", "b", "c")) {
      targets.add(StoredObjects.at(new InMemoryBackupTarget(), "memory:" + name));
    }
  }

  @AfterEach
  void closeAndLeaveNoThread() throws IOException {
    for (BackupTarget target : targets) {
      target.close();
    }
    assertThat(Thread.getAllStackTraces().keySet())
        .extracting(Thread::getName)
        .doesNotContain("openmemory-backup-fan-out");
  }

  @Test
  void allHaveTheSameAndTheSourceIsReadOnce() throws IOException {
    BackupReport report = create(NAMED);

    assertThat(report.isEverywhere()).isTrue();
    assertThat(report.locations())
        .containsExactlyElementsOf(targets.stream().map(t -> t.location() + "/all").toList());
    assertThat(sample.writers().logged())
        .filteredOn(line -> line.startsWith("read "))
        .containsExactly("read live: paused/stopped", "read detached: paused/running/stopped");
    for (BackupTarget target : targets) {
      assertIsWhole(target);
    }
    assertThat(files(1)).isEqualTo(files(0));
    assertThat(files(2)).isEqualTo(files(0));
  }

  /** A fault of the middle target, and whether nothing of the backup may be there afterwards. */
  private record Fault(String title, FaultPlan plan) {
    @Override
    public String toString() {
      return title;
    }
  }

  private static Stream<Fault> faults() {
    FaultPlan.When writing = FaultPlan.on(Verb.WRITE);
    return Stream.of(
        new Fault("cannot be listed", FaultPlan.on(Verb.LIST).fail(Kind.DENIED)),
        new Fault("refuses the lock", writing.named(".json").fail(Kind.DENIED)),
        new Fault("refuses the marker", writing.named("in-progress.json").fail(Kind.DENIED)),
        new Fault("refuses a file", writing.named("live.bin.gz").fail(Kind.NO_SPACE)),
        new Fault(
            "is full in the midst of a file",
            writing.afterBytes(FIRST_HALF).named("live.bin.gz").fail(Kind.NO_SPACE)),
        new Fault(
            "is full in the midst of the last file",
            writing.afterBytes(FIRST_HALF).named("detached.bin.gz").fail(Kind.NO_SPACE)),
        new Fault("refuses the text", writing.named("backup-info.txt").fail(Kind.DENIED)),
        new Fault("refuses the manifest", writing.named("manifest.json").fail(Kind.DENIED)));
  }

  @ParameterizedTest
  @MethodSource("faults")
  void oneThatFailsIsLeftBehindWithNothingInIt(Fault fault) throws IOException {
    FaultyBackupTarget faulty = disturb(1, fault.plan());
    BackupReport report = create(NAMED);
    faulty.verifyAllFired();

    assertThat(report.isEverywhere()).isFalse();
    assertThat(report.locations())
        .containsExactly(targets.get(0).location() + "/all", targets.get(2).location() + "/all");
    assertThat(report.missed())
        .singleElement()
        .satisfies(
            missed -> {
              assertThat(missed.location()).isEqualTo(faulty.location());
              assertThat(missed.reason().getMessage()).contains("planned fault");
            });
    assertThat(events)
        .filteredOn(WarningRaised.class::isInstance)
        .extracting(event -> ((WarningRaised) event).warning().code())
        .containsExactly(Warning.MISSED);
    // A backup does not show the places of the other targets.
    assertThat(report.manifest().warnings()).isEmpty();
    assertIsWhole(targets.get(0));
    assertIsWhole(targets.get(2));
    assertThat(faulty.list("")).isEmpty();
    assertThat(sample.runsAsBefore()).isTrue();
  }

  private static Stream<Supplier<Exception>> whatNoTargetShouldThrow() {
    return Stream.of(
        () -> new IllegalStateException("a bug of a plug-in"),
        () -> new IOException("a failure without a kind"));
  }

  @ParameterizedTest
  @MethodSource("whatNoTargetShouldThrow")
  void oneThatBreaksTheRulesOfTargetsCostsTheOthersNothing(Supplier<Exception> failure)
      throws IOException {
    VanishingTarget gone = vanish(1, "live.bin.gz", failure);

    BackupReport report = create(NAMED);

    assertThat(report.missed())
        .singleElement()
        .satisfies(
            missed -> {
              assertThat(missed.location()).isEqualTo(gone.location());
              assertThat(missed.reason().kind()).isEqualTo(Kind.FAILED);
              assertThat(missed.reason()).hasMessageContaining(failure.get().getMessage());
            });
    assertIsWhole(targets.get(0));
    assertIsWhole(targets.get(2));
    assertThat(sample.runsAsBefore()).isTrue();
  }

  @Test
  void oneThatStaysAwayIsNamedAndListsNothingWhenItIsBack() throws IOException {
    VanishingTarget gone =
        vanish(
            1,
            "detached.bin.gz",
            () -> new BackupException(Kind.DENIED, "write", "b", "the key was withdrawn"));

    BackupReport report = create(NAMED);

    assertThat(report.missed())
        .extracting(missed -> missed.reason().kind())
        .containsExactly(Kind.DENIED);
    assertIsWhole(targets.get(0));
    assertIsWhole(targets.get(2));
    gone.comeBack();
    assertThat(gone.list("all/")).isNotEmpty();
    assertThat(Backups.in(gone).list()).isEmpty();
  }

  @Test
  void whatOnlyOneHasUnderThatNameStaysAsItIs() throws IOException {
    Backups.in(targets.get(2)).create(sample.installation(), NAMED);
    Map<String, String> before = files(2);
    sample.fill(2);
    BackupReport report = create(NAMED);
    assertThat(report.missed())
        .extracting(m -> m.reason().kind())
        .containsExactly(Kind.ALREADY_EXISTS);
    assertThat(files(2)).isEqualTo(before);
    assertIsWhole(targets.get(0));
    assertIsWhole(targets.get(1));
  }

  @Test
  void aGeneratedNameIsFreeInAll() throws IOException {
    BackupReport first = create(BackupRequest.STANDARD);
    targets.set(1, StoredObjects.at(new InMemoryBackupTarget(), "memory:b2"));
    BackupReport second = create(BackupRequest.STANDARD);
    assertThat(second.isEverywhere()).isTrue();
    assertThat(second.manifest().name()).isNotEqualTo(first.manifest().name());
  }

  @Test
  void whenAllFailTheFirstReasonIsToldAndNothingStays() throws IOException {
    for (int i = 0; i < targets.size(); i++) {
      disturb(
          i,
          FaultPlan.on(Verb.WRITE).afterBytes(FIRST_HALF).named("live.bin.gz").fail(Kind.NO_SPACE));
    }
    BackupException failure = failureOf(() -> create(NAMED));
    assertThat(failure.kind()).isEqualTo(Kind.NO_SPACE);
    assertThat(failure.getSuppressed()).hasSize(2);
    assertNothingIsThere();
  }

  @Test
  void aSourceThatFailsInTheMidstLeavesNothingAnywhere() throws IOException {
    for (String component : List.of("live", "detached")) {
      sample.writers().turnOn(component + ".refuses-read");
      BackupException failure = failureOf(() -> create(NAMED));
      assertThat(failure.kind()).as("%s", failure).isEqualTo(Kind.CORRUPT);
      assertThat(failure.location()).isEqualTo(component + ".refuses-read");
      sample.writers().turnOff(component + ".refuses-read");
      assertNothingIsThere();
    }
  }

  @Test
  void aTargetThatBlocksEndsWithAnInterrupt() throws Exception {
    FaultPlan stall =
        FaultPlan.on(Verb.WRITE).afterBytes(FIRST_HALF).named("detached.bin.gz").stall();
    disturb(1, stall);
    ExecutorService one = Executors.newSingleThreadExecutor();
    try {
      Future<BackupException> failure = one.submit(() -> failureOf(() -> create(NAMED)));
      stall.awaitStalled(Duration.ofSeconds(30));
      one.shutdownNow();
      assertThat(failure.get(30, TimeUnit.SECONDS).kind()).isEqualTo(Kind.CANCELLED);
    } finally {
      stall.release();
      one.shutdownNow();
    }
    assertThat(one.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
    assertNothingIsThere();
  }

  @Test
  void aCancellationBetweenTwoFilesLeavesNothingAnywhere() throws IOException {
    Cancellation cancellation = new Cancellation();
    Backups backups =
        Backups.in(targets.get(0))
            .withCancellation(cancellation)
            .withListener(
                event -> {
                  if (event instanceof BackupEvent.FileFinished) {
                    cancellation.cancel();
                  }
                });
    BackupException failure =
        failureOf(() -> backups.create(sample.installation(), NAMED, targets.subList(1, 3)));
    assertThat(failure.kind()).isEqualTo(Kind.CANCELLED);
    assertNothingIsThere();
  }

  @Test
  void whatCanBeReadAgainIsSentAgainToOneThatWasAwayForAMoment() throws IOException {
    FaultyBackupTarget faulty =
        disturb(
            1,
            FaultPlan.on(Verb.WRITE)
                .afterBytes(FIRST_HALF)
                .named("live.bin.gz")
                .fail(Kind.UNAVAILABLE));
    BackupReport report = create(NAMED);
    faulty.verifyAllFired();
    assertThat(report.isEverywhere()).isTrue();
    for (BackupTarget target : targets) {
      assertIsWhole(target);
    }
    assertThat(files(1)).isEqualTo(files(0));
  }

  @Test
  void theSameTargetTwiceIsRefused() throws IOException {
    BackupException failure =
        failureOf(
            () ->
                Backups.in(targets.get(0))
                    .create(sample.installation(), NAMED, List.of(targets.get(0))));
    assertThat(failure.kind()).isEqualTo(Kind.INVALID);
    assertThat(failure.fact()).contains("twice");
    assertNothingIsThere();
  }

  private BackupReport create(BackupRequest request) throws IOException {
    return Backups.in(targets.get(0))
        .withListener(events::add)
        .withScratch(Files.createDirectories(temp.resolve("scratch")))
        .create(sample.installation(), request, targets.subList(1, targets.size()));
  }

  private VanishingTarget vanish(int index, String file, Supplier<Exception> failure) {
    VanishingTarget vanishing = new VanishingTarget(targets.get(index), file, failure);
    targets.set(index, vanishing);
    return vanishing;
  }

  private FaultyBackupTarget disturb(int index, FaultPlan plan) throws BackupException {
    FaultyBackupTarget faulty = new FaultyBackupTarget(targets.get(index), plan);
    targets.set(index, faulty);
    return faulty;
  }

  private static void assertIsWhole(BackupTarget target) throws IOException {
    assertThat(Backups.in(target).verify(NAME).problems()).isEmpty();
    assertThat(target.list(""))
        .extracting(ObjectInfo::name)
        .extracting(name -> name.fileName())
        .containsExactly("backup-info.txt", "detached.bin.gz", "live.bin.gz", "manifest.json");
  }

  private void assertNothingIsThere() throws IOException {
    for (BackupTarget target : targets) {
      assertThat(target.list("")).as(target.location()).isEmpty();
    }
    assertThat(sample.runsAsBefore()).isTrue();
    assertThat(temp.resolve("scratch"))
        .satisfiesAnyOf(
            folder -> assertThat(folder).doesNotExist(),
            folder -> assertThat(folder).isEmptyDirectory());
  }

  private Map<String, String> files(int target) throws IOException {
    return new StoredObjects(targets.get(target)).objects();
  }
}
