package dev.openmemory.backup.cli.output.json;

import dev.openmemory.backup.archive.ArchiveFormat;
import dev.openmemory.backup.archive.ArchiveReport;
import dev.openmemory.backup.archive.ImportReport;
import dev.openmemory.backup.archive.ImportReport.Imported;
import dev.openmemory.backup.archive.ImportReport.Outcome;
import dev.openmemory.backup.cli.output.Units;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Archives of whole backups, for people and for programs. */
public final class ArchiveOutput {
  private ArchiveOutput() {}

  static String name(ArchiveFormat format) {
    return switch (format) {
      case TAR -> "tar";
      case TAR_GZ -> "tar.gz";
      case TAR_ZST -> "tar.zst";
    };
  }

  public static String text(ArchiveReport report, String file, Duration took) {
    return String.join(
        "\n",
        "Exported backup " + report.name(),
        "  to        " + (file.equals("-") ? "standard output" : file),
        "  size      " + Units.size(report.bytes()) + ", " + name(report.format()),
        "  contents  " + report.files() + " files",
        "  took      " + Units.elapsed(took));
  }

  static Map<String, Object> document(ArchiveReport report, String file, Duration took) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("name", report.name().value());
    document.put("format", name(report.format()));
    document.put("file", file);
    document.put("files", report.files());
    document.put("bytes", report.bytes());
    document.put("elapsedSeconds", BackupJson.seconds(took));
    return document;
  }

  public static String text(ImportReport report, Duration took) {
    StringBuilder text = new StringBuilder();
    for (Imported backup : report.backups()) {
      text.append(line(backup)).append('\n');
    }
    report
        .warnings()
        .forEach(
            w -> text.append("  warning: " + w.message() + " [" + w.code() + "]").append('\n'));
    return text.append("  took      ").append(Units.elapsed(took)).toString();
  }

  private static String line(Imported backup) {
    if (backup.outcome() == Outcome.SAME) {
      return "Backup " + backup.name() + " is here already, the same";
    }
    String checked =
        backup.outcome() == Outcome.UNVERIFIED
            ? ", without a manifest, so only its structure was checked"
            : "";
    return "Imported backup "
        + backup.name()
        + ": "
        + backup.files()
        + " files, "
        + Units.size(backup.bytes())
        + checked;
  }

  static Map<String, Object> document(ImportReport report, Duration took) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("backups", report.backups().stream().map(ArchiveOutput::document).toList());
    document.put("warnings", BackupJson.warnings(report.warnings()));
    document.put("elapsedSeconds", BackupJson.seconds(took));
    return document;
  }

  private static Map<String, Object> document(Imported backup) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("name", backup.name().value());
    document.put("outcome", backup.outcome().name().toLowerCase(Locale.ROOT));
    document.put("files", backup.files());
    document.put("bytes", backup.bytes());
    return document;
  }
}
