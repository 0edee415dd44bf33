package dev.openmemory.backup.cli.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.cli.output.ExitCodes;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The daemon under a clock that moves only when the daemon waits, or when the test moves it. */
class DaemonTest {
  @TempDir Path temp;
  private final TestedTime time = new TestedTime();
  private final List<String> log = new ArrayList<>();
  private final List<Instant> runs = new ArrayList<>();
  private String expression = "0 2 * * *";
  private ZoneId zone = ZoneId.of("Europe/Berlin");
  private Duration jitter = Duration.ZERO;
  private boolean atStart;
  private boolean broken;
  private Runnable duringARun = () -> {};
  private Runnable betweenRuns = () -> {};
  private int exitCode = ExitCodes.OK;

  /** Time that passes as fast as it is waited for. */
  private static final class TestedTime extends Clock {
    private Instant now = at("2026-01-01T00:00:00+01:00");
    private Instant end = now;
    private Instant suspendedAt = Instant.MAX;
    private Duration suspension = Duration.ZERO;
    private Duration longest = Duration.ZERO;
    private Instant lookAt = Instant.MAX;
    private Runnable look = () -> {};

    void await(Duration duration) throws BackupException {
      longest = duration.compareTo(longest) > 0 ? duration : longest;
      if (!now.isBefore(lookAt)) {
        lookAt = Instant.MAX;
        look.run();
      }
      if (!now.isBefore(end)) {
        throw Kind.CANCELLED.failure("test", "", "the end of the test");
      }
      now = now.plus(duration);
      if (!now.isBefore(suspendedAt)) {
        now = now.plus(suspension);
        suspendedAt = Instant.MAX;
      }
    }

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneId.of("UTC");
    }

    @Override
    public Clock withZone(ZoneId zone) {
      throw new UnsupportedOperationException();
    }
  }

  private static Instant at(String text) {
    return OffsetDateTime.parse(text).toInstant();
  }

  private final class Work implements Daemon.Work {
    @Override
    public Plan plan() throws BackupException {
      if (broken) {
        throw Kind.INVALID.failure("read settings", "file line 3", "unknown setting");
      }
      return Plan.of(expression, zone, jitter, 42);
    }

    @Override
    public int run() {
      runs.add(time.now);
      duringARun.run();
      return exitCode;
    }

    @Override
    public void betweenRuns() {
      betweenRuns.run();
    }

    @Override
    public void report(BackupException failure) {
      log.add(failure.getMessage());
    }
  }

  private Path file() {
    return temp.resolve("state/schedule.json");
  }

  private Path metricsFile() {
    return temp.resolve("schedule.prom");
  }

  private StateFile stateFile() {
    return StateFile.of(file(), temp);
  }

  private State state() throws IOException {
    return stateFile().read().orElseThrow();
  }

  private int runUntil(String end) throws IOException {
    time.end = at(end);
    try (Metrics metrics = Metrics.open(null, metricsFile())) {
      return new Daemon(stateFile(), metrics, new Work(), atStart, time, time::await, log::add)
          .run();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"Europe/Berlin", "America/New_York"})
  void itRunsOnceOnEachDayOfAYear(ZoneId where) throws IOException {
    zone = where;
    expression = "30 2 * * *";
    time.now = LocalDate.of(2026, 1, 1).atStartOfDay(zone).toInstant();

    assertThat(runUntil("2027-01-01T00:00:00+00:00")).isEqualTo(ExitCodes.OK);

    assertThat(runs.stream().map(run -> run.atZone(zone).toLocalDate()))
        .containsExactlyElementsOf(
            IntStream.range(0, 365).mapToObj(LocalDate.of(2026, 1, 1)::plusDays).toList());
    assertThat(time.longest).as("never one long sleep").isLessThan(Duration.ofMinutes(1));
  }

  @Test
  void betweenRunsSomethingElseIsCalledAtLeastEachHalfMinute() throws IOException {
    List<Instant> calls = new ArrayList<>(List.of(time.now));
    betweenRuns = () -> calls.add(time.now);

    runUntil("2026-01-01T06:00:00+01:00");

    assertThat(runs).containsExactly(day(1));
    assertThat(calls.get(calls.size() - 1)).isAfter(at("2026-01-01T05:59:00+01:00"));
    for (int i = 1; i < calls.size(); i++) {
      assertThat(Duration.between(calls.get(i - 1), calls.get(i)))
          .isLessThanOrEqualTo(Duration.ofMinutes(1));
    }
  }

  @Test
  void threeDaysOfSleepAreMadeUpForOnceAndAtOnce() throws IOException {
    time.suspendedAt = at("2026-01-03T01:00:00+01:00");
    time.suspension = Duration.ofDays(3);

    runUntil("2026-01-08T00:00:00+01:00");

    assertThat(runs).hasSize(5).startsWith(day(1), day(2)).endsWith(day(6), day(7));
    assertThat(runs.get(2))
        .isBetween(at("2026-01-06T01:00:00+01:00"), at("2026-01-06T01:01:00+01:00"));
  }

  /** When the run of that day of January 2026 is due. */
  private static Instant day(int day) {
    return at("2026-01-0" + day + "T02:00:00+01:00");
  }

  private static Instant at(int hour, int minute) {
    return at("2026-01-01T00:00:00+01:00").plus(Duration.ofMinutes(hour * 60L + minute));
  }

  @Test
  void aRunThatTakesLongerIsFollowedByOneForAllThatItHasMissed() throws IOException {
    expression = "0 * * * *";
    duringARun = () -> time.now = time.now.plus(Duration.ofMinutes(runs.size() == 1 ? 150 : 1));

    runUntil("2026-01-01T06:00:00+01:00");

    assertThat(runs)
        .startsWith(at(1, 0), at(3, 30), at(4, 0), at(5, 0))
        .doesNotContain(at(2, 0), at(3, 0));
    assertThat(state().failures()).isZero();
  }

  @Test
  void aRunThatWasMissedWhileTheProcessWasDownIsMadeUpForOnce() throws IOException {
    runUntil("2026-01-02T12:00:00+01:00");
    time.now = at("2026-01-05T12:00:00+01:00");
    runUntil("2026-01-06T12:00:00+01:00");

    assertThat(runs).containsExactly(day(1), day(2), at("2026-01-05T12:00:00+01:00"), day(6));
  }

  @Test
  void theFirstRunOfAllMayBeginAtOnce() throws IOException {
    atStart = true;
    runUntil("2026-01-01T01:00:00+01:00");
    assertThat(runs).containsExactly(at(0, 0));
    runUntil("2026-01-01T01:30:00+01:00");
    assertThat(runs).hasSize(1);
  }

  @Test
  void settingsAreReadAgainBeforeEachRun() throws IOException {
    duringARun = () -> expression = "0 5 * * *";
    runUntil("2026-01-03T12:00:00+01:00");
    assertThat(runs)
        .containsExactly(
            day(1), day(2), at("2026-01-02T05:00:00+01:00"), at("2026-01-03T05:00:00+01:00"));
  }

  @Test
  void settingsThatCannotBeReadKeepTheScheduleAndCountAsFailed() throws IOException {
    duringARun = () -> broken = runs.size() == 1;
    runUntil("2026-01-02T12:00:00+01:00");

    assertThat(runs).containsExactly(day(1), day(2));
    assertThat(log).anyMatch(line -> line.contains("line 3"));
    assertThat(state().last().orElseThrow().exitCode()).isEqualTo(ExitCodes.USAGE);
    assertThat(state().lastSuccess()).contains(day(1));

    broken = false;
    runUntil("2026-01-03T12:00:00+01:00");
    assertThat(state().failures()).isZero();
  }

  @Test
  void aScheduleThatCannotBeReadAtFirstIsRefused() {
    broken = true;
    assertThatThrownBy(() -> runUntil("2026-01-02T12:00:00+01:00")).hasMessageContaining("line 3");
    assertThat(file()).doesNotExist();
  }

  @Test
  void failuresAreCountedUntilABackupIsMade() throws IOException {
    exitCode = ExitCodes.FAILED;
    runUntil("2026-01-03T12:00:00+01:00");
    assertThat(state().failures()).isEqualTo(3);
    assertThat(state().lastSuccess()).isEmpty();
    exitCode = ExitCodes.WARNINGS;
    runUntil("2026-01-04T12:00:00+01:00");
    assertThat(state().failures()).isZero();
    assertThat(state().lastSuccess()).contains(day(4));
  }

  @Test
  void anEndDuringARunHasTheExitCodeOfTheRunWhichIsRepeatedOnce() throws IOException {
    exitCode = ExitCodes.CANCELLED;
    assertThat(runUntil("2026-01-09T00:00:00+01:00")).isEqualTo(ExitCodes.CANCELLED);
    assertThat(runs).containsExactly(day(1));
    time.now = at(4, 0);
    assertThat(runUntil("2026-01-09T00:00:00+01:00")).isEqualTo(ExitCodes.CANCELLED);
    assertThat(runs).containsExactly(day(1), at(4, 0));

    exitCode = ExitCodes.OK;
    time.now = at(5, 0);
    runUntil("2026-01-02T12:00:00+01:00");
    assertThat(runs).as("not a third time").containsExactly(day(1), at(4, 0), day(2));
  }

  @Test
  void aRunThatEndedWithItsProcessIsRepeatedOnce() throws IOException {
    duringARun =
        () -> {
          throw new IllegalStateException("the process is killed");
        };
    assertThatThrownBy(() -> runUntil("2026-01-09T00:00:00+01:00"))
        .isInstanceOf(IllegalStateException.class);
    assertThat(state().active()).isPresent();

    duringARun = () -> {};
    time.now = at(4, 0);
    runUntil("2026-01-01T12:00:00+01:00");
    assertThat(runs).containsExactly(day(1), at(4, 0));
    assertThat(state().active()).isEmpty();
    assertThat(state().last().orElseThrow().repeats()).isTrue();
  }

  @Test
  void aClockThatWasWrongByYearsStopsNothingAndOneThatIsCorrectedRepeatsNothing()
      throws IOException {
    duringARun =
        () -> {
          if (runs.size() == 1) {
            time.now = time.now.minusSeconds(30);
          } else if (runs.size() == 2) {
            time.now = at("2099-01-01T00:00:00+01:00");
          } else if (runs.size() == 3) {
            time.now = at("2026-01-02T12:00:00+01:00");
          }
        };
    runUntil("2026-01-04T12:00:00+01:00");

    assertThat(runs)
        .containsExactly(day(1), day(2), at("2099-01-01T00:00:00+01:00"), day(3), day(4));
  }

  @Test
  void jitterIsWithinItsLimitDiffersFromDayToDayAndIsTheSameEachTime() throws IOException {
    jitter = Duration.ofHours(1);
    runUntil("2026-01-09T00:00:00+01:00");
    List<Instant> first = List.copyOf(runs);
    for (int day = 1; day <= 8; day++) {
      assertThat(first.get(day - 1)).isBetween(day(day), day(day).plus(jitter));
    }
    assertThat(first.stream().map(run -> run.getEpochSecond() % 3600).distinct()).hasSize(8);

    Files.delete(file());
    runs.clear();
    time.now = at(0, 0);
    runUntil("2026-01-09T00:00:00+01:00");
    assertThat(runs).isEqualTo(first);
  }

  @Test
  void aStateFileThatIsDamagedIsBegunAnewAndOneThatCannotBeWrittenStopsNothing()
      throws IOException {
    runUntil("2026-01-01T01:00:00+01:00");
    Files.writeString(file(), "{");
    duringARun =
        () -> {
          try {
            Files.delete(file());
            Files.createDirectories(file().resolve("in-the-way"));
          } catch (IOException e) {
            throw new IllegalStateException(e);
          }
        };
    runUntil("2026-01-01T12:00:00+01:00");
    assertThat(runs).containsExactly(day(1));
    assertThat(log)
        .anyMatch(line -> line.contains("warning: ") && line.contains("is lost"))
        .anyMatch(line -> line.contains("warning: state of the schedule"));
  }

  @Test
  void aSecondDaemonWithTheSameFileIsRefused() throws IOException {
    duringARun =
        () ->
            assertThatThrownBy(
                    () ->
                        new Daemon(
                                stateFile(),
                                Metrics.open(null, null),
                                new Work(),
                                false,
                                time,
                                duration -> {},
                                log::add)
                            .run())
                .isInstanceOfSatisfying(
                    BackupException.class, e -> assertThat(e.kind()).isEqualTo(Kind.LOCKED));
    runUntil("2026-01-01T12:00:00+01:00");
    assertThat(runs).hasSize(1);
  }

  private Health health() {
    try {
      return Health.of(stateFile(), time.now, 2);
    } catch (BackupException e) {
      throw new AssertionError(e);
    }
  }

  /** What is found while the daemon waits. */
  private List<String> problemsAt(String when) throws IOException {
    List<String> problems = new ArrayList<>();
    time.lookAt = at(when);
    time.look = () -> problems.addAll(health().problems());
    runUntil(when);
    return problems;
  }

  @Test
  void aScheduleThatMakesItsBackupsIsGoodFromTheBeginning() throws IOException {
    assertThat(problemsAt("2026-01-01T01:00:00+01:00")).isEmpty();
    assertThat(problemsAt("2026-01-02T12:00:00+01:00")).isEmpty();
    assertThat(log)
        .anyMatch(line -> line.contains("The next backup begins at 2026-01-02 02:00:00"));
  }

  @Test
  void aDaemonThatIsNotAtWorkIsAProblem() throws IOException {
    runUntil("2026-01-01T12:00:00+01:00");
    assertThat(health().problems()).containsExactly("no 'schedule run' is active");
    assertThat(health().isGood()).isFalse();
    assertThat(health().text())
        .contains("next backup", "2026-01-02 02:00:00", "problem: no 'schedule run' is active");
  }

  @Test
  void aRunThatFailedIsAProblemUntilOneSucceeds() throws IOException {
    exitCode = ExitCodes.VERIFICATION_FAILED;
    assertThat(problemsAt("2026-01-01T12:00:00+01:00"))
        .containsExactly("the last backup failed with exit code 5");
    assertThat(problemsAt("2026-01-03T12:00:00+01:00"))
        .containsExactly(
            "the last backup failed with exit code 5",
            "no backup was made although 2 times of the schedule have passed");
    exitCode = ExitCodes.WARNINGS;
    assertThat(problemsAt("2026-01-04T12:00:00+01:00")).isEmpty();
  }

  @Test
  void aLongRunIsNoProblemUntilItIsOneOfADay() throws IOException {
    expression = "0 * * * *";
    List<String> later = new ArrayList<>();
    duringARun =
        () -> {
          if (runs.size() == 1) {
            time.now = time.now.plus(Duration.ofHours(20));
            assertThat(health().problems()).isEmpty();
            time.now = time.now.plus(Duration.ofHours(5));
            later.addAll(health().problems());
          }
        };
    runUntil("2026-01-01T01:30:00+01:00");
    assertThat(later)
        .containsExactly("no backup was made although 2 times of the schedule have passed");
  }

  @Test
  void withoutAStateFileThereIsNothingToShow() {
    assertThatThrownBy(() -> Health.of(stateFile(), time.now, 2))
        .isInstanceOfSatisfying(
            BackupException.class, e -> assertThat(e.kind()).isEqualTo(Kind.NOT_FOUND));
  }

  @Test
  void theMetricsAreThoseOfTheLastRun() throws IOException {
    duringARun = () -> time.now = time.now.plus(Duration.ofMillis(1500));
    exitCode = ExitCodes.WARNINGS;
    runUntil("2026-01-01T12:00:00+01:00");
    assertThat(metricsFile())
        .content()
        .contains(
            metric("run_active", 0),
            metric("failures_in_a_row", 0),
            metric("last_success_timestamp_seconds", day(1).getEpochSecond()),
            metric("next_run_timestamp_seconds", day(2).getEpochSecond()),
            metric("last_run_timestamp_seconds", day(1).getEpochSecond()),
            "openmemory_backup_schedule_last_run_duration_seconds 1.500\n",
            metric("last_run_exit_code", 3));
  }

  private static String metric(String name, long value) {
    String full = "openmemory_backup_schedule_" + name;
    return "# TYPE " + full + " gauge\n" + full + " " + value + "\n";
  }

  @Test
  void metricsAreServedWhileTheDaemonRuns() throws IOException {
    try (Metrics metrics = Metrics.open(0, null)) {
      int port = metrics.port().orElseThrow();
      duringARun =
          () -> {
            assertThat(get(port, "/metrics").body()).contains(metric("run_active", 1));
            assertThat(get(port, "/metrics").headers().firstValue("Content-Type"))
                .hasValueSatisfying(
                    type -> assertThat(type).startsWith("text/plain; version=0.0.4"));
            assertThat(get(port, "/other").statusCode()).isEqualTo(404);
            assertThat(get(port, "/metrics/x").statusCode()).isEqualTo(404);
          };
      time.end = at("2026-01-01T12:00:00+01:00");
      new Daemon(stateFile(), metrics, new Work(), false, time, time::await, log::add).run();
      assertThat(runs).hasSize(1);
      assertThatThrownBy(() -> Metrics.open(port, null))
          .isInstanceOfSatisfying(
              BackupException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNAVAILABLE))
          .hasMessageContaining("port " + port);
    }
  }

  private static HttpResponse<String> get(int port, String path) {
    try {
      return HttpClient.newHttpClient()
          .send(
              HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
                  .timeout(Duration.ofSeconds(30))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
