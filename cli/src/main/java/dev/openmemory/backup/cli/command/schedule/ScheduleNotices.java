package dev.openmemory.backup.cli.command.schedule;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.cli.notify.Notifications;
import dev.openmemory.backup.cli.notify.RunEnd;
import dev.openmemory.backup.cli.settings.Session;
import dev.openmemory.backup.cli.settings.Settings;
import dev.openmemory.backup.cli.settings.SettingsFile;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;

/**
 * What a schedule has to tell beside its runs: the summary of a week, and runs that failed before
 * they could tell it themselves, as the settings cannot be used.
 */
final class ScheduleNotices {
  private static final Duration BETWEEN_LOOKS = Duration.ofHours(1);

  private final Session session;
  private Notifications latest;
  private Instant looked;

  ScheduleNotices(Session session) {
    this.session = session;
    this.latest = Notifications.of(session, session::setting);
    this.looked = session.host().clock().instant();
  }

  /** Sends the summary of the week if it is time for it. */
  void sendWeekly() {
    Instant now = session.host().clock().instant();
    if (now.isBefore(looked) || !now.isBefore(looked.plus(BETWEEN_LOOKS))) {
      looked = now;
      current().sendWeekly();
    }
  }

  /** A run has ended that did not come to its notifications. */
  void failedBeforehand(Session.Ended run) {
    current().ended(RunEnd.failed(session.host().clock().instant(), run.exitCode(), run.failure()));
  }

  /** Of what can be used of the settings; if the file is not YAML, those of before. */
  private Notifications current() {
    try {
      Settings file = SettingsFile.read(session.options(), new ArrayList<>());
      Settings settings = Settings.of(session.host().environment()).orElse(file);
      latest = Notifications.of(session, settings::of);
    } catch (BackupException e) {
      // The run has printed why.
      return latest;
    }
    return latest;
  }
}
