package dev.openmemory.backup.cli.output.text;

import dev.openmemory.backup.cli.output.Table;
import dev.openmemory.backup.cli.output.Units;
import dev.openmemory.backup.sync.SyncReport;
import dev.openmemory.backup.sync.SyncReport.Outcome;
import dev.openmemory.backup.sync.SyncReport.Synced;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a sync did, for people. */
final class SyncText {
  private SyncText() {}

  static List<String> lines(SyncReport report, Duration took) {
    List<String> lines = new ArrayList<>();
    lines.add(
        (report.dryRun() ? "Dry run, nothing was changed: sync " : "Sync ")
            + TextRenderer.place(report.source())
            + " to "
            + TextRenderer.place(report.destination()));
    Table table = new Table();
    for (Synced backup : report.backups()) {
      if (backup.outcome() != Outcome.SAME) {
        table.row(word(backup.outcome()), backup.name().value(), about(backup));
      }
    }
    lines.addAll(table.lines("  "));
    long same = report.backups().stream().filter(b -> b.outcome() == Outcome.SAME).count();
    lines.add("  the same  " + (same == 1 ? "1 backup" : same + " backups"));
    report.warnings().forEach(w -> lines.add("  warning: " + w.message() + " [" + w.code() + "]"));
    lines.add(traffic(report, took));
    return lines;
  }

  private static String word(Outcome outcome) {
    return switch (outcome) {
      case SENT -> "sent";
      case UPDATED -> "updated";
      case SAME -> "the same";
      case REFUSED -> "REFUSED";
      case FAILED -> "FAILED";
      case DELETED -> "deleted";
    };
  }

  private static String about(Synced backup) {
    return switch (backup.outcome()) {
      case SENT, UPDATED ->
          (backup.files() == 1 ? "1 file, " : backup.files() + " files, ")
              + Units.size(backup.bytes());
      default -> backup.detail();
    };
  }

  private static String traffic(SyncReport report, Duration took) {
    String speedUp =
        report.speedUp().isPresent()
            ? String.format(Locale.ROOT, ", speed-up %.1f", report.speedUp().getAsDouble())
            : "";
    return "sent "
        + Units.size(report.sentBytes())
        + ", received "
        + Units.size(report.receivedBytes())
        + ", total size "
        + Units.size(report.totalBytes())
        + speedUp
        + ", took "
        + Units.elapsed(took);
  }
}
