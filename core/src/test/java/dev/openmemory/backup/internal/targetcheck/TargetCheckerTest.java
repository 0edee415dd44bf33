package dev.openmemory.backup.internal.targetcheck;

import static dev.openmemory.backup.sample.Failures.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.BackupEvent;
import dev.openmemory.backup.BackupEvent.WarningRaised;
import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.BackupName;
import dev.openmemory.backup.Backups;
import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.internal.run.Run;
import dev.openmemory.backup.internal.target.WaitedTime;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.spi.ForwardingBackupTarget;
import dev.openmemory.backup.spi.ObjectInfo;
import dev.openmemory.backup.spi.WriteOptions;
import dev.openmemory.backup.spi.optional.ReportsAccess;
import dev.openmemory.backup.targetcheck.TargetCheckReport;
import dev.openmemory.backup.targetcheck.TargetCheckReport.Finding;
import dev.openmemory.backup.targetcheck.TargetCheckReport.Outcome;
import dev.openmemory.backup.targetcheck.TargetCheckReport.Verdict;
import dev.openmemory.backup.targetcheck.TargetCheckRequest;
import dev.openmemory.backup.testkit.FaultPlan;
import dev.openmemory.backup.testkit.FaultPlan.Verb;
import dev.openmemory.backup.testkit.FaultyBackupTarget;
import dev.openmemory.backup.testkit.InMemoryBackupTarget;
import dev.openmemory.backup.testkit.NastyBackupTarget;
import dev.openmemory.backup.testkit.NastyBackupTarget.Habit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** A check says what a store can be used for, and leaves it as it was. */
class TargetCheckerTest {
  private static final TargetCheckRequest SMALL =
      TargetCheckRequest.STANDARD.withLargestObject(200_000);

  private final WaitedTime time = new WaitedTime();
  private final InMemoryBackupTarget store = new InMemoryBackupTarget(time);
  private final List<BackupEvent> events = new ArrayList<>();
  private List<ObjectInfo> before = List.of();

  @BeforeEach
  void putForeignObjectsThere() throws IOException {
    BackupName other = new BackupName("other");
    store.write(other.file("manifest.json"), out -> out.write(1), WriteOptions.CREATE_ONLY);
    before = store.list("");
  }

  @Test
  void aGoodStoreKeepsEveryDutyAndIsUsable() throws IOException {
    TargetCheckReport report = check(store);

    assertThat(report.findings()).allMatch(finding -> finding.outcome() == Outcome.KEPT);
    assertThat(report.verdict()).isEqualTo(Verdict.USABLE);
    assertThat(report.meanings(Outcome.KEPT)).contains("Backups can be made.");
    assertThat(report.left()).isEmpty();
    assertThat(store.list("")).isEqualTo(before);
  }

  @Test
  void howTheStoreIsReachedIsReportedWhereTheTargetSaysIt() throws IOException {
    assertThat(check(store).access()).isEmpty();
    assertThat(check(new ByTelephone(store)).access()).isEqualTo("by telephone");
  }

  /** A target that says how it reaches its store. */
  private static final class ByTelephone extends ForwardingBackupTarget implements ReportsAccess {
    ByTelephone(BackupTarget store) {
      super(store);
    }

    @Override
    public String access() {
      return "by telephone";
    }
  }

  @Test
  void eachFindingIsOfADutyOfTheInterface() throws IOException {
    Path spi =
        Path.of(System.getProperty("openmemory.root"))
            .resolve("core/src/main/java/dev/openmemory/backup/spi/BackupTarget.java");
    Set<String> stated =
        Pattern.compile("<b>(T\\d+)</b>")
            .matcher(Files.readString(spi))
            .results()
            .map(MatchResult::group)
            .map(duty -> duty.replaceAll("</?b>", ""))
            .collect(Collectors.toSet());

    assertThat(check(store).findings()).extracting(Finding::duty).isSubsetOf(stated);
  }

  @ParameterizedTest
  @CsvSource({
    "STORES_NOTHING, T1, nothing is there",
    "STORES_BEGINNINGS, T1, 100 are there",
    "KEEPS_BROKEN_WRITES, T1, broken off left an object",
    "OVERWRITES, T2, was stored",
    "MISSING_IS_DENIED, T5, access denied",
    "IGNORED_DELETES, T5, is still there",
  })
  void aStoreThatBreaksADutyIsFoundOut(Habit habit, String duty, String seen) throws IOException {
    TargetCheckReport report = check(nasty(habit));

    assertThat(report.verdict()).isEqualTo(Verdict.UNUSABLE);
    assertThat(report.findings())
        .anySatisfy(
            finding -> {
              assertThat(finding.duty()).isEqualTo(duty);
              assertThat(finding.outcome()).isEqualTo(Outcome.BROKEN);
              assertThat(finding.seen()).contains(seen);
            });
    assertThat(report.meanings(Outcome.BROKEN)).isNotEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "NO_EXCLUSIVE_CREATE, LIMITED, T2, same name at the same moment",
    "NO_REPLACE, SLOWER, T3, sends all files",
    "NO_TIMES, LIMITED, T6, age of locks",
    "LATE_LISTS, LIMITED, T7, within a minute",
    "LATE_DELETES, SLOWER, T5, can be deleted",
    "REFUSED_DELETES, LIMITED, T5, 'Do not use delete, prune'"
  })
  void whatAStoreCannotDoIsALimitWithWhatItMeans(
      Habit habit, Outcome outcome, String duty, String meaning) throws IOException {
    TargetCheckReport report = check(nasty(habit));

    assertThat(report.verdict()).isEqualTo(Verdict.LIMITED);
    assertThat(report.findings())
        .anySatisfy(
            finding -> {
              assertThat(finding.duty()).isEqualTo(duty);
              assertThat(finding.outcome()).isEqualTo(outcome);
              assertThat(finding.meaning()).contains(meaning);
            });
  }

  @Test
  void streamsThatAreCutAreContinuedAndNoTimeIsRefusedWithoutALimit() throws IOException {
    NastyBackupTarget nasty =
        new NastyBackupTarget(store, Set.of(Habit.CUT_READS, Habit.NO_GIVEN_TIMES));

    assertThat(check(nasty).verdict()).isEqualTo(Verdict.USABLE);
    assertThat(store.list("")).isEqualTo(before);
  }

  @Test
  void whereDeletesAreRefusedOneSmallObjectStaysAndIsNamed() throws IOException {
    TargetCheckReport report = check(nasty(Habit.REFUSED_DELETES));

    List<ObjectInfo> left = new ArrayList<>(store.list(""));
    left.removeAll(before);
    assertThat(left).singleElement().matches(object -> object.size() < 1000);
    assertThat(report.left())
        .singleElement()
        .asString()
        .contains(left.get(0).name().value())
        .contains("access denied");
    assertThat(Backups.in(store).list()).extracting(b -> b.name().value()).containsExactly("other");
  }

  @ParameterizedTest
  @EnumSource(
      value = Habit.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = {"CUT_READS", "REFUSED_DELETES", "IGNORED_DELETES"})
  void whateverTheHabitsOfTheStoreNothingIsLeftInIt(Habit habit) throws IOException {
    NastyBackupTarget nasty = nasty(habit);

    assertThat(check(nasty).left()).isEmpty();

    assertThat(nasty.list("")).extracting(ObjectInfo::name).isEqualTo(names(before));
    assertThat(store.list("")).isEqualTo(before);
  }

  @Test
  void aStoreThatFailsOnceInTheMiddleEndsTheCheckWithAVerdict() throws IOException {
    FaultyBackupTarget faulty =
        new FaultyBackupTarget(
            store, FaultPlan.on(Verb.WRITE).named("large.bin").fail(Kind.NO_SPACE));

    TargetCheckReport report = check(faulty);

    assertThat(report.verdict()).isEqualTo(Verdict.UNUSABLE);
    assertThat(report.meanings(Outcome.BROKEN)).singleElement().asString().contains("no room");
    assertThat(store.list("")).isEqualTo(before);
  }

  @Test
  void aCancellationInTheMiddleRemovesEverything() throws IOException {
    Cancellation cancellation = new Cancellation();
    Run.Settings settings = settings(store).withCancellation(cancellation);
    Run.Settings cancelling =
        settings.withListener(
            event -> {
              if (event instanceof BackupEvent.FileStarted) {
                cancellation.cancel();
                Thread.currentThread().interrupt();
              }
            });

    BackupException failure = failureOf(() -> new TargetChecker(cancelling, time).check(SMALL));

    assertThat(Thread.interrupted()).isTrue();
    assertThat(failure.kind()).isEqualTo(Kind.CANCELLED);
    assertThat(store.list("")).isEqualTo(before);
  }

  @Test
  void whatACancelledCheckCannotRemoveIsAWarningThatNamesIt() throws IOException {
    Cancellation cancellation = new Cancellation();
    FaultyBackupTarget faulty =
        new FaultyBackupTarget(
            store, FaultPlan.on(Verb.DELETE).named("large.bin").fail(Kind.DENIED).times(9));
    Run.Settings cancelling =
        settings(faulty)
            .withCancellation(cancellation)
            .withListener(
                event -> {
                  events.add(event);
                  if (event.toString().contains("several writers of one name")) {
                    cancellation.cancel();
                  }
                });

    failureOf(() -> new TargetChecker(cancelling, time).check(SMALL));

    assertThat(events)
        .filteredOn(WarningRaised.class::isInstance)
        .singleElement()
        .asString()
        .contains("check-left-objects", "large.bin");
  }

  @Test
  void aStoreThatCannotBeListedAtAllIsAFailure() {
    FaultyBackupTarget faulty =
        new FaultyBackupTarget(store, FaultPlan.on(Verb.LIST).fail(Kind.NOT_FOUND));

    BackupException failure = failureOf(() -> check(faulty));

    assertThat(failure.kind()).isEqualTo(Kind.NOT_FOUND);
  }

  private NastyBackupTarget nasty(Habit habit) {
    return new NastyBackupTarget(store, Set.of(habit));
  }

  private static List<?> names(List<ObjectInfo> objects) {
    return objects.stream().map(ObjectInfo::name).toList();
  }

  private Run.Settings settings(BackupTarget target) {
    return Run.Settings.of(target).withClock(time);
  }

  private TargetCheckReport check(BackupTarget target) throws IOException {
    return new TargetChecker(settings(target), time).check(SMALL);
  }
}
