package dev.openmemory.backup.cli.notify;

import dev.openmemory.backup.cli.output.Printable;
import dev.openmemory.backup.cli.output.Units;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Words notices.
 *
 * @param name of the installation, one line
 * @param host that this process runs on
 * @param home the OpenMemory folder
 * @param zone of times
 */
record NoticeText(String name, String host, Path home, ZoneId zone) {
  /** Services cut longer texts, or make files of them. */
  private static final int LONGEST = 1500;

  Notice test() {
    return new Notice(
        Occasion.TEST,
        "Test: " + name,
        "This is a test message. Notifications about backups of " + place() + " arrive here.",
        facts());
  }

  /**
   * A run has failed.
   *
   * @param after with that run
   * @param error as on the terminal
   */
  Notice failure(RunEnd run, String error, Ledger after) {
    List<String> lines = new ArrayList<>();
    lines.add("The backup of " + place() + " failed at " + time(run.at()) + ".");
    lines.add(cut(error));
    lines.add(lastBackup(after));
    if (after.failures() > 1) {
      lines.add(
          after.failures()
              + " runs in a row have failed, the first at "
              + after.failingSince().map(this::time).orElse("an unknown time")
              + ".");
    }
    lines.add(
        "What to do: remove the cause, then run 'openmemory-backup backup' there."
            + " 'openmemory-backup doctor' looks for causes. While backups fail, this message"
            + " comes at most once a day.");
    Map<String, Object> facts = facts();
    run.failure()
        .ifPresent(
            failure -> {
              facts.put("error", cut(failure.message()));
              facts.put("advice", cut(failure.hint()));
            });
    facts.put("exitCode", run.exitCode());
    facts.put("failures", after.failures());
    after.newest().ifPresent(made -> facts.put("lastSuccess", made.at().toString()));
    return new Notice(Occasion.FAILURE, "Backup failed: " + name, lines(lines), facts);
  }

  /** A run has made a backup, after others that failed. */
  Notice recovery(RunEnd run, Ledger after) {
    List<String> lines = new ArrayList<>();
    lines.add("Backups of " + place() + " are made again. " + newest(after));
    lines.add(
        "They had failed since "
            + after.failingSince().map(this::time).orElse("an unknown time")
            + ".");
    Map<String, Object> facts = facts();
    facts.put("exitCode", run.exitCode());
    facts.put("lastSuccess", run.at().toString());
    after.failingSince().ifPresent(since -> facts.put("failingSince", since.toString()));
    return new Notice(Occasion.RECOVERY, "Backups work again: " + name, lines(lines), facts);
  }

  Notice weekly(Ledger ledger, Instant now) {
    long failed = ledger.runs() - ledger.successes();
    List<String> lines = new ArrayList<>();
    lines.add(
        "Backups of "
            + place()
            + " from "
            + time(ledger.weekSince())
            + " to "
            + time(now)
            + ": "
            + counted(ledger.runs(), "run")
            + ", "
            + ledger.successes()
            + " succeeded, "
            + failed
            + " failed.");
    lines.add(newest(ledger));
    if (ledger.failures() > 0) {
      lines.add("The last " + counted(ledger.failures(), "run") + " failed.");
    }
    Map<String, Object> facts = facts();
    facts.put("weekSince", ledger.weekSince().toString());
    facts.put("runs", ledger.runs());
    facts.put("successes", ledger.successes());
    facts.put("failures", ledger.failures());
    ledger.newest().ifPresent(made -> facts.put("lastSuccess", made.at().toString()));
    return new Notice(Occasion.WEEKLY, "Backups of the week: " + name, lines(lines), facts);
  }

  private static String counted(long number, String what) {
    return number + " " + what + (number == 1 ? "" : "s");
  }

  private String lastBackup(Ledger ledger) {
    return ledger
        .newest()
        .map(made -> "No backup was made since " + time(made.at()) + ".")
        .orElse(
            "No backup was made since notifications were set up, at " + time(ledger.since()) + ".");
  }

  private String newest(Ledger ledger) {
    return ledger
        .newest()
        .map(
            made ->
                "The newest backup is "
                    + made.name()
                    + ", made at "
                    + time(made.at())
                    + ", "
                    + Units.size(made.storedBytes())
                    + ".")
        .orElse("No backup is known since " + time(ledger.since()) + ".");
  }

  private String place() {
    return "OpenMemory in " + Printable.of(home.toString()) + " on " + host;
  }

  private String time(Instant instant) {
    return Units.dateTime(instant, zone) + " " + zone.getId();
  }

  private Map<String, Object> facts() {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("name", name);
    facts.put("host", host);
    facts.put("home", home.toString());
    return facts;
  }

  private static String lines(List<String> lines) {
    return String.join("\n", lines);
  }

  private static String cut(String text) {
    return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "...";
  }
}
