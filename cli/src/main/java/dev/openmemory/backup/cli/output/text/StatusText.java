package dev.openmemory.backup.cli.output.text;

import dev.openmemory.backup.BackupSummary;
import dev.openmemory.backup.cli.output.Status;
import dev.openmemory.backup.cli.output.Status.Store;
import dev.openmemory.backup.cli.output.Table;
import dev.openmemory.backup.cli.output.Units;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;

/** A {@link Status} for people. */
final class StatusText {
  private static final String INDENT = "  ";
  private static final String PROGRAM = "openmemory-backup ";

  private StatusText() {}

  static List<String> lines(Status status, Clock clock) {
    List<String> lines = new ArrayList<>();
    if (status.hasData()) {
      lines.add("OpenMemory in " + status.home());
      Table parts = new Table();
      status.found().forEach(part -> parts.row(part.subject(), part.place()));
      lines.addAll(parts.lines(INDENT));
    } else {
      lines.add("No OpenMemory in " + status.home());
      lines.add(INDENT + "--home names its folder.");
    }
    status.notAsked().ifPresent(why -> lines.add(INDENT + "Docker was not asked: " + why));
    if (status.hasData()) {
      status.missing().forEach(warning -> lines.add(INDENT + "missing: " + warning.message()));
    }
    status.stores().forEach(store -> store(lines, store, clock));
    lines.add("Next");
    Table next = new Table();
    next(next, status);
    next.row(PROGRAM + "help", "all commands");
    lines.addAll(next.lines(INDENT));
    return lines;
  }

  private static void store(List<String> lines, Store store, Clock clock) {
    lines.add("Backups in " + TextRenderer.place(store.location()));
    if (store.problem().isPresent()) {
      lines.add(INDENT + "not reached: " + store.problem().get());
      return;
    }
    lines.add(INDENT + (store.backups() == 0 ? "none yet" : count(store.backups())));
    store.newest().ifPresent(backup -> lines.add(INDENT + newest(backup, clock)));
    if (store.unusable() > 0) {
      lines.add(
          INDENT
              + store.unusable()
              + " of them damaged or not complete: '"
              + PROGRAM
              + "list' says why");
    }
  }

  private static String count(int backups) {
    return backups == 1 ? "1 backup" : backups + " backups";
  }

  private static String newest(BackupSummary backup, Clock clock) {
    return "the newest is "
        + backup.name()
        + " of "
        + Units.dateTime(backup.created(), clock.getZone())
        + ", "
        + Units.size(backup.storedBytes());
  }

  /** The commands that matter now. */
  private static void next(Table next, Status status) {
    if (status.hasData()) {
      next.row(PROGRAM + "backup", "back up now");
    } else {
      next.row(PROGRAM + "demo", "see a backup and a restore of made-up data");
    }
    if (status.hasBackup()) {
      next.row(PROGRAM + "restore latest", "put the newest backup back");
    }
    next.row(PROGRAM + "doctor", "see what puts your data at risk");
  }
}
