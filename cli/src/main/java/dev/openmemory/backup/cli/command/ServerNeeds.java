package dev.openmemory.backup.cli.command;

import dev.openmemory.backup.BackupSummary;
import dev.openmemory.backup.Backups;
import dev.openmemory.backup.archive.ImportReport;
import dev.openmemory.backup.archive.ImportReport.Imported;
import dev.openmemory.backup.cli.settings.Session;
import dev.openmemory.backup.migration.MigrationReport;
import java.io.IOException;
import java.util.Optional;

/** What this server needs, reported after another command that has succeeded. */
final class ServerNeeds {
  private ServerNeeds() {}

  /** Makes a report. */
  public interface Look {
    Optional<MigrationReport> take() throws IOException;
  }

  /** The report; that there is none is no more than a warning. */
  static Optional<MigrationReport> of(Session session, Look look) {
    try {
      return look.take();
    } catch (IOException | RuntimeException e) {
      session.terminal().note("warning: cannot check what this server needs: " + e.getMessage());
      return Optional.empty();
    }
  }

  /** Of the newest backup that came in. */
  static Optional<MigrationReport> ofNewest(Session session, Backups backups, ImportReport report)
      throws IOException {
    Optional<BackupSummary> newest = Optional.empty();
    for (Imported imported : report.backups()) {
      BackupSummary backup = backups.find(imported.name());
      newest =
          newest.filter(n -> n.created().isAfter(backup.created())).or(() -> Optional.of(backup));
    }
    if (newest.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        backups.migrationReport(
            newest.get().name(), MigrateCommand.here(session, session.installation())));
  }
}
