package dev.openmemory.backup.cli.notify;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.cli.notify.Delivery.Outcome;
import dev.openmemory.backup.cli.output.Failure;
import dev.openmemory.backup.cli.output.Printable;
import dev.openmemory.backup.cli.output.text.TextRenderer;
import dev.openmemory.backup.cli.settings.Session;
import dev.openmemory.backup.cli.settings.Setting;
import dev.openmemory.backup.cli.settings.Settings.Value;
import dev.openmemory.backup.internal.process.Host;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Tells people how backups of an installation go. Nothing here fails a backup: what cannot be sent
 * or recorded is a warning. Used by one thread.
 */
public final class Notifications {
  private final Session session;
  private final NotifySettings settings;
  private final LedgerFile file;

  private Notifications(Session session, NotifySettings settings) {
    this.session = session;
    this.settings = settings;
    this.file = LedgerFile.of(session.options().absoluteHome());
  }

  /**
   * Those of the settings.
   *
   * @param values what is set
   */
  public static Notifications of(Session session, Function<Setting, Optional<Value>> values) {
    return new Notifications(session, new NotifySettings(values));
  }

  /** Whether there is a way to send something. */
  public boolean canSend() {
    return !settings.ways().isEmpty();
  }

  /** Warns of settings that cannot be used. */
  public void warnOfSettings() {
    settings
        .problems()
        .forEach(problem -> warn("no notification: " + problem.location() + ": " + problem.fact()));
  }

  /** A run has ended. Sends what that gives reason for, and records it. */
  public void ended(RunEnd run) {
    if (!canSend() || run.wasCancelled()) {
      return;
    }
    Ledger ledger = recorded(run.at()).ended(run);
    // The process may be ended while something is being sent.
    record(ledger);
    Ledger after = ledger;
    for (Occasion occasion : ledger.dueAfterRun(run.at())) {
      after = settle(occasion, notice(occasion, run, ledger), after, run.at());
    }
    record(after);
  }

  /** Sends the summary of a week that is over. */
  public void sendWeekly() {
    Instant now = session.host().clock().instant();
    if (!canSend() || !settings.occasions().contains(Occasion.WEEKLY)) {
      return;
    }
    Ledger ledger = recorded(now);
    if (ledger.isWeekOver(now)) {
      record(settle(Occasion.WEEKLY, text().weekly(ledger, now), ledger, now));
    }
  }

  private Notice notice(Occasion occasion, RunEnd run, Ledger ledger) {
    return switch (occasion) {
      case FAILURE -> text().failure(run, error(run), ledger);
      case RECOVERY -> text().recovery(run, ledger);
      case WEEKLY -> text().weekly(ledger, run.at());
      case TEST -> text().test();
    };
  }

  /** As on the terminal. */
  private String error(RunEnd run) {
    return run.failure()
        .map(this::error)
        .orElse("The run ended with exit code " + run.exitCode() + ".");
  }

  private String error(Failure failure) {
    return new TextRenderer(session.host().clock(), session.host().age()).failure(failure);
  }

  /** What no way has accepted is due again after the next run. */
  private Ledger settle(Occasion occasion, Notice notice, Ledger ledger, Instant now) {
    if (!settings.occasions().contains(occasion)) {
      return ledger.settled(occasion, now);
    }
    List<Outcome> outcomes = delivery().send(notice);
    outcomes.stream()
        .filter(outcome -> !outcome.arrived())
        .map(Outcome::warning)
        .forEach(this::warn);
    return outcomes.stream().anyMatch(Outcome::arrived) ? ledger.settled(occasion, now) : ledger;
  }

  /** Sends a test message by each way. */
  public TestReport test() {
    return new TestReport(delivery().send(text().test()), settings.problems());
  }

  private Delivery delivery() {
    return Delivery.of(settings.ways(), session.host().cancellation());
  }

  private NoticeText text() {
    String host = Host.here().name();
    Path home = session.options().absoluteHome();
    String name = settings.name().orElse(host);
    return new NoticeText(Printable.of(name), host, home, session.host().clock().getZone());
  }

  private Ledger recorded(Instant now) {
    try {
      Optional<Ledger> known = file.read();
      if (known.isPresent()) {
        return known.get();
      }
    } catch (BackupException e) {
      warn(e.getMessage() + "; what it recorded about earlier runs is lost");
    }
    Ledger begun = Ledger.begin(now);
    record(begun);
    return begun;
  }

  private void record(Ledger ledger) {
    try {
      file.write(ledger);
    } catch (BackupException e) {
      warn(String.valueOf(e.getMessage()));
    }
  }

  private void warn(String what) {
    session.terminal().note("warning: " + what);
  }
}
