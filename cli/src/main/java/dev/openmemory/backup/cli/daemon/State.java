package dev.openmemory.backup.cli.daemon;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.cli.output.ExitCodes;
import dev.openmemory.backup.internal.json.JsonObject;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a daemon knows of its runs; it outlives the process.
 *
 * @param since when the schedule was first followed
 * @param next when the next run begins
 * @param lastSuccess when the last run began that made a backup
 * @param failures in a row
 */
record State(
    Plan plan,
    Instant since,
    Optional<Instant> next,
    Optional<ActiveRun> active,
    Optional<RunRecord> last,
    Optional<Instant> lastSuccess,
    long failures) {

  /** Of a schedule that has had no run yet. */
  static State begin(Plan plan, Instant now) {
    return new State(
        plan, now, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), 0);
  }

  /** The same for a new process: a run that is still recorded as active has ended with its own. */
  State resumed(Plan now, Instant at) {
    State same = new State(now, since, next, active, last, lastSuccess, failures);
    return active.isPresent() ? same.ended(at, ExitCodes.CANCELLED) : same;
  }

  State planned(Plan now) {
    return new State(now, since, next, active, last, lastSuccess, failures);
  }

  State waiting(Instant due) {
    return new State(plan, since, Optional.of(due), active, last, lastSuccess, failures);
  }

  State started(Instant due, Instant now) {
    ActiveRun run = new ActiveRun(due, now, cutShort().isPresent());
    return new State(plan, since, Optional.empty(), Optional.of(run), last, lastSuccess, failures);
  }

  /** The active run has ended. */
  State ended(Instant now, int exitCode) {
    RunRecord run = active.orElseThrow().ended(now, exitCode);
    return new State(
        plan,
        since,
        Optional.empty(),
        Optional.empty(),
        Optional.of(run),
        run.succeeded() ? Optional.of(run.started()) : lastSuccess,
        run.succeeded() ? 0 : failures + 1);
  }

  /** When the run was due that is to be done again. It is done again once. */
  Optional<Instant> cutShort() {
    return last.filter(run -> run.wasCutShort() && !run.repeats()).map(RunRecord::due);
  }

  /** The time up to which nothing is due any more. */
  Instant settled() {
    return last.map(RunRecord::started).orElse(since);
  }

  Map<String, Object> toJson() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("schedule", plan.times().expression());
    json.put("timeZone", plan.times().zone().getId());
    json.put("jitterSeconds", plan.jitter().toSeconds());
    json.put("since", since.toString());
    next.ifPresent(time -> json.put("next", time.toString()));
    active.ifPresent(run -> json.put("active", run.toJson()));
    last.ifPresent(run -> json.put("last", run.toJson()));
    lastSuccess.ifPresent(time -> json.put("lastSuccess", time.toString()));
    json.put("failures", failures);
    return json;
  }

  /**
   * Reads what {@link #toJson} has written.
   *
   * @throws BackupException of kind {@code CORRUPT} when it is not that
   */
  static State fromJson(JsonObject json) throws BackupException {
    return new State(
        plan(json),
        json.instant("since"),
        time(json, "next"),
        json.has("active")
            ? Optional.of(ActiveRun.fromJson(json.object("active")))
            : Optional.empty(),
        json.has("last") ? Optional.of(RunRecord.fromJson(json.object("last"))) : Optional.empty(),
        time(json, "lastSuccess"),
        json.size("failures"));
  }

  private static Plan plan(JsonObject json) throws BackupException {
    try {
      ZoneId zone = ZoneId.of(json.string("timeZone"));
      Duration jitter = Duration.ofSeconds(json.size("jitterSeconds"));
      return Plan.of(json.string("schedule"), zone, jitter, 0);
    } catch (DateTimeException | BackupException e) {
      throw json.wrong("schedule", "is no schedule");
    }
  }

  private static Optional<Instant> time(JsonObject json, String name) throws BackupException {
    return json.has(name) ? Optional.of(json.instant(name)) : Optional.empty();
  }
}
