package dev.openmemory.backup.cli.daemon;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.cli.output.ExitCodes;
import dev.openmemory.backup.cli.output.Table;
import dev.openmemory.backup.cli.output.Units;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Whether a schedule makes its backups: what its daemon has recorded, and what is wrong. */
public final class Health {
  /** A run may be longer than the time between two of them; one of more than this is stuck. */
  private static final Duration LONGEST_RUN = Duration.ofDays(1);

  private final State state;
  private final boolean running;
  private final List<String> problems;

  private Health(State state, boolean running, List<String> problems) {
    this.state = state;
    this.running = running;
    this.problems = List.copyOf(problems);
  }

  /**
   * Looks at the state file and its lock.
   *
   * @param mostMissed how many times of the schedule may pass since the last backup
   * @throws BackupException of kind {@code NOT_FOUND} without such a file
   */
  public static Health of(StateFile file, Instant now, int mostMissed) throws BackupException {
    boolean running = DaemonLock.isHeld(file);
    State state =
        file.read()
            .orElseThrow(
                () ->
                    Kind.NOT_FOUND.failure(
                        "schedule status",
                        file.file().toString(),
                        "There is no schedule with the state file " + file.file() + "."));
    return new Health(state, running, problems(state, running, now, mostMissed));
  }

  private static List<String> problems(State state, boolean running, Instant now, int mostMissed) {
    List<String> problems = new ArrayList<>();
    if (!running) {
      problems.add("no 'schedule run' is active");
    }
    state
        .last()
        .filter(run -> !run.succeeded())
        .ifPresent(
            run ->
                problems.add(
                    "the last backup "
                        + (run.wasCutShort() ? "was cancelled" : "failed")
                        + " with exit code "
                        + run.exitCode()));
    if (isLate(state, running, now, mostMissed)) {
      problems.add(
          "no backup was made although "
              + (mostMissed == 1 ? "a time" : mostMissed + " times")
              + " of the schedule have passed");
    }
    return problems;
  }

  private static boolean isLate(State state, boolean running, Instant now, int mostMissed) {
    boolean atWork =
        running
            && state
                .active()
                .filter(run -> now.isBefore(run.started().plus(LONGEST_RUN)))
                .isPresent();
    Instant latest = state.lastSuccess().orElse(state.since());
    for (int i = 0; i < mostMissed; i++) {
      latest = state.plan().times().next(latest);
    }
    return !atWork && now.isAfter(latest.plus(state.plan().jitter()));
  }

  /** Whether nothing is wrong. */
  public boolean isGood() {
    return problems.isEmpty();
  }

  /** What is wrong, in the order of its weight. */
  List<String> problems() {
    return problems;
  }

  /** For people, in lines. */
  public String text() {
    ZoneId zone = state.plan().times().zone();
    Table table = new Table();
    table.row("schedule", state.plan().times().expression() + " (" + zone.getId() + ")");
    state.active().ifPresent(run -> table.row("active since", time(run.started())));
    state.next().ifPresent(time -> table.row("next backup", time(time)));
    state
        .last()
        .ifPresentOrElse(
            run ->
                table.row(
                    "last run",
                    time(run.started())
                        + ", "
                        + ExitCodes.outcome(run.exitCode())
                        + ", exit code "
                        + run.exitCode()
                        + ", "
                        + Units.elapsed(Duration.between(run.started(), run.ended()))),
            () -> table.row("last run", "none"));
    table.row("last success", state.lastSuccess().map(this::time).orElse("none"));
    if (state.failures() > 0) {
      table.row("failed in a row", String.valueOf(state.failures()));
    }
    List<String> lines = new ArrayList<>(table.lines(""));
    problems.forEach(problem -> lines.add("problem: " + problem));
    return String.join("\n", lines);
  }

  private String time(Instant instant) {
    return Units.dateTime(instant, state.plan().times().zone());
  }

  /** For programs. */
  public Map<String, Object> document() {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("good", isGood());
    document.put("running", running);
    document.put("problems", problems);
    document.putAll(state.toJson());
    return Map.of("scheduleStatus", document);
  }
}
