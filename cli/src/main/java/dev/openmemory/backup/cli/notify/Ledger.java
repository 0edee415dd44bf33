package dev.openmemory.backup.cli.notify;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.internal.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What is remembered between runs, to decide what has to be sent. It outlives the process.
 *
 * @param since when the record was begun
 * @param weekSince when the week of the next summary began
 * @param runs in this week, without cancelled ones
 * @param successes of these
 * @param newest the newest backup
 * @param failingSince when the first run failed of which no recovery was sent
 * @param failures in a row
 * @param failureSent when a failure of this row was sent
 */
record Ledger(
    Instant since,
    Instant weekSince,
    long runs,
    long successes,
    Optional<NewBackup> newest,
    Optional<Instant> failingSince,
    long failures,
    Optional<Instant> failureSent) {

  private static final Duration WEEK = Duration.ofDays(7);

  /** A run of each day, or of each week, ends now and then somewhat earlier than the last one. */
  private static final Duration SLACK_OF_WEEK = Duration.ofHours(12);

  private static final Duration BETWEEN_FAILURES = Duration.ofHours(23);

  private static final Duration MOST_BACK = Duration.ofDays(1);

  static Ledger begin(Instant now) {
    return new Ledger(now, now, 0, 0, Optional.empty(), Optional.empty(), 0, Optional.empty());
  }

  /** A run has ended that was not cancelled. */
  Ledger ended(RunEnd run) {
    if (run.succeeded()) {
      Optional<NewBackup> made = run.made().isPresent() ? run.made() : newest;
      return new Ledger(
          since, weekSince, runs + 1, successes + 1, made, failingSince, 0, Optional.empty());
    }
    Optional<Instant> first =
        failures == 0 || failingSince.isEmpty() ? Optional.of(run.at()) : failingSince;
    return new Ledger(
        since, weekSince, runs + 1, successes, newest, first, failures + 1, failureSent);
  }

  /** What the end of a run gives reason for. */
  Set<Occasion> dueAfterRun(Instant now) {
    Set<Occasion> due = EnumSet.noneOf(Occasion.class);
    if (failures > 0
        && failureSent.stream().allMatch(sent -> isPast(sent, BETWEEN_FAILURES, now))) {
      due.add(Occasion.FAILURE);
    }
    if (failures == 0 && failingSince.isPresent()) {
      due.add(Occasion.RECOVERY);
    }
    if (isWeekOver(now)) {
      due.add(Occasion.WEEKLY);
    }
    return due;
  }

  boolean isWeekOver(Instant now) {
    return isPast(weekSince, WEEK.minus(SLACK_OF_WEEK), now);
  }

  /** A clock that was put back must not silence anything. */
  private static boolean isPast(Instant start, Duration wait, Instant now) {
    return !now.isBefore(start.plus(wait)) || now.isBefore(start.minus(MOST_BACK));
  }

  /** That was sent, or is not wanted. */
  Ledger settled(Occasion occasion, Instant now) {
    return switch (occasion) {
      case FAILURE ->
          new Ledger(
              since, weekSince, runs, successes, newest, failingSince, failures, Optional.of(now));
      case RECOVERY ->
          new Ledger(
              since, weekSince, runs, successes, newest, Optional.empty(), failures, failureSent);
      case WEEKLY ->
          new Ledger(since, nextWeek(now), 0, 0, newest, failingSince, failures, failureSent);
      case TEST -> this;
    };
  }

  /** Weeks follow each other without a gap, unless one has passed without a summary. */
  private Instant nextWeek(Instant now) {
    Instant next = weekSince.plus(WEEK);
    boolean near = Duration.between(next, now).abs().compareTo(SLACK_OF_WEEK.multipliedBy(2)) <= 0;
    return near ? next : now;
  }

  Map<String, Object> toJson() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("since", since.toString());
    json.put("weekSince", weekSince.toString());
    json.put("runs", runs);
    json.put("successes", successes);
    newest.ifPresent(
        made -> {
          json.put("newest", made.name());
          json.put("newestAt", made.at().toString());
          json.put("newestStoredBytes", made.storedBytes());
        });
    failingSince.ifPresent(time -> json.put("failingSince", time.toString()));
    json.put("failures", failures);
    failureSent.ifPresent(time -> json.put("failureSent", time.toString()));
    return json;
  }

  /**
   * Reads what {@link #toJson} has written.
   *
   * @throws BackupException of kind {@code CORRUPT} when it is not that
   */
  static Ledger fromJson(JsonObject json) throws BackupException {
    return new Ledger(
        json.instant("since"),
        json.instant("weekSince"),
        json.size("runs"),
        json.size("successes"),
        json.has("newest")
            ? Optional.of(
                new NewBackup(
                    json.string("newest"),
                    json.instant("newestAt"),
                    json.size("newestStoredBytes")))
            : Optional.empty(),
        time(json, "failingSince"),
        json.size("failures"),
        time(json, "failureSent"));
  }

  private static Optional<Instant> time(JsonObject json, String name) throws BackupException {
    return json.has(name) ? Optional.of(json.instant(name)) : Optional.empty();
  }
}
