package dev.openmemory.backup.cli.output.text;

import dev.openmemory.backup.BackupName;
import dev.openmemory.backup.BackupReport;
import dev.openmemory.backup.BackupSummary;
import dev.openmemory.backup.LockInfo;
import dev.openmemory.backup.Manifest;
import dev.openmemory.backup.Manifest.Component;
import dev.openmemory.backup.Manifest.StoredFile;
import dev.openmemory.backup.Quiesce;
import dev.openmemory.backup.RestoreReport;
import dev.openmemory.backup.Warning;
import dev.openmemory.backup.archive.ArchiveReport;
import dev.openmemory.backup.archive.ImportReport;
import dev.openmemory.backup.cli.advice.Advice;
import dev.openmemory.backup.cli.output.AfterBackup;
import dev.openmemory.backup.cli.output.CrossCheckText;
import dev.openmemory.backup.cli.output.Examination;
import dev.openmemory.backup.cli.output.FactsText;
import dev.openmemory.backup.cli.output.Failure;
import dev.openmemory.backup.cli.output.KeyOutcome;
import dev.openmemory.backup.cli.output.Listing;
import dev.openmemory.backup.cli.output.LockText;
import dev.openmemory.backup.cli.output.MigrationText;
import dev.openmemory.backup.cli.output.Renderer;
import dev.openmemory.backup.cli.output.SnapshotOutcome;
import dev.openmemory.backup.cli.output.Status;
import dev.openmemory.backup.cli.output.Table;
import dev.openmemory.backup.cli.output.Units;
import dev.openmemory.backup.cli.output.json.ArchiveOutput;
import dev.openmemory.backup.diff.BackupDiff;
import dev.openmemory.backup.drill.DrillReport;
import dev.openmemory.backup.drill.Proof;
import dev.openmemory.backup.export.ExportReport;
import dev.openmemory.backup.internal.text.HostPath;
import dev.openmemory.backup.migration.MigrationReport;
import dev.openmemory.backup.prune.PruneReport;
import dev.openmemory.backup.sync.SyncReport;
import dev.openmemory.backup.targetcheck.TargetCheckReport;
import dev.openmemory.backup.undo.CleanupReport;
import dev.openmemory.backup.undo.UndoReport;
import dev.openmemory.backup.verify.CrossCheck;
import dev.openmemory.backup.verify.VerifyReport;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Results for people. */
public final class TextRenderer implements Renderer {
  private final Clock clock;
  private final Supplier<Duration> age;

  /**
   * Renders.
   *
   * @param clock for ages of backups; its zone is that of the times shown
   * @param age of the command, which is the time that it took so far
   */
  public TextRenderer(Clock clock, Supplier<Duration> age) {
    this.clock = clock;
    this.age = age;
  }

  @Override
  public String created(BackupReport report, AfterBackup after) {
    Manifest manifest = report.manifest();
    Lines lines = new Lines();
    lines.add("Backup " + manifest.name());
    report.locations().forEach(location -> lines.add("  in        " + place(location)));
    files(lines, manifest);
    lines.add("  stored    " + Units.size(manifest.storedBytes()));
    lines.add("  contents  " + FactsText.contents(manifest));
    FactsText.origins(manifest).forEach(text -> lines.add("  read      " + text));
    manifest
        .component(Component.VECTORS)
        .flatMap(c -> CrossCheck.in(c.facts()))
        .ifPresent(result -> lines.block("  compared  ", CrossCheckText.lines(result)));
    report.held().ifPresent(held -> lines.add(held(held)));
    lines.add(took());
    after.proven().forEach(test -> lines.add(proven(test)));
    lines.warnings(manifest.warnings());
    lines.warnings(after.noticed());
    report.missed().forEach(missed -> lines.add(missed(missed)));
    after.pruned().forEach(prune -> lines.add(pruned(prune)));
    return lines.text();
  }

  /** Of the whole command: its start and the search for the installation are more than the run. */
  private String took() {
    return "  took      " + Units.elapsed(age.get());
  }

  private static String proven(DrillReport test) {
    return "  proven    by "
        + test.seen().map(Proof.Seen::by).orElse("")
        + ", in "
        + Units.elapsed(test.elapsed());
  }

  private static String missed(BackupReport.Missed missed) {
    return "  not in    " + place(missed.location()) + ": " + Advice.explained(missed.reason());
  }

  private static String held(BackupReport.Held held) {
    return (held.how() == Quiesce.STOP ? "  stopped   " : "  paused    ")
        + Units.elapsed(held.time())
        + ": "
        + String.join(", ", held.writers());
  }

  @Override
  public String list(Listing listing) {
    return String.join("\n", new ListText(clock).lines(listing));
  }

  @Override
  public String show(BackupSummary backup) {
    return new BackupText(clock).text(backup);
  }

  @Override
  public String verified(List<VerifyReport> reports, Map<BackupName, CrossCheck> compared) {
    Lines lines = new Lines();
    for (VerifyReport report : reports) {
      lines.add("Backup " + report.name() + (report.ok() ? ": ok" : ": NOT OK"));
      Table table = new Table();
      report.files().forEach(f -> table.row(f.file(), "sound", Units.size(f.storedBytes())));
      table.lines("  ").forEach(lines::add);
      report.problems().forEach(p -> lines.add("  problem: " + p.subject() + ": " + p.message()));
      if (compared.containsKey(report.name())) {
        lines.block("  compared  ", CrossCheckText.lines(compared.get(report.name())));
      }
      if (report.storedBytesOnly()) {
        lines.add(
            "  Only the stored bytes were compared: the content is encrypted. Add --identity.");
      }
      if (!report.digestsCompared()) {
        lines.add("  No digests were compared: the backup has no usable manifest.");
      }
    }
    long bad = reports.stream().filter(r -> !r.ok()).count();
    if (reports.size() > 1) {
      lines.add(reports.size() + " backups verified, " + bad + " with problems");
    }
    return lines.text();
  }

  @Override
  public String drilled(DrillReport report) {
    return String.join("\n", DrillText.lines(report, age.get()));
  }

  @Override
  public String compared(BackupDiff diff) {
    return String.join("\n", DiffText.lines(diff, clock.getZone()));
  }

  @Override
  public String restored(
      RestoreReport report, List<Warning> noticed, Optional<MigrationReport> needs) {
    Lines lines = new Lines();
    String components = String.join(", ", report.components());
    if (report.dryRun()) {
      lines.add("Backup " + report.name() + " can be restored: " + components);
      lines.add("  Everything was fetched and checked; nothing was changed.");
    } else {
      lines.add("Restored backup " + report.name() + ": " + components);
    }
    lines.add(took());
    lines.warnings(report.warnings());
    lines.warnings(noticed);
    UndoText.saved(lines, report.previous(), report.undoable());
    needs.map(MigrationText::toDo).orElse(List.of()).forEach(lines::add);
    return lines.text();
  }

  @Override
  public String migration(MigrationReport report) {
    return String.join("\n", MigrationText.lines(report));
  }

  @Override
  public String undone(UndoReport report) {
    return UndoText.text(report, age.get());
  }

  @Override
  public String cleaned(CleanupReport report) {
    return UndoText.text(report, clock.getZone());
  }

  @Override
  public String examined(Examination examination) {
    return String.join("\n", DoctorText.lines(examination, clock.getZone()));
  }

  @Override
  public String status(Status status) {
    return String.join("\n", StatusText.lines(status, clock));
  }

  @Override
  public String targetChecked(TargetCheckReport report) {
    return TargetCheckText.text(report);
  }

  @Override
  public String synced(SyncReport report) {
    return String.join("\n", SyncText.lines(report, age.get()));
  }

  @Override
  public String exported(ExportReport report, String file) {
    Lines lines = new Lines();
    lines.add("Exported the memories of " + report.user() + " from backup " + report.name());
    lines.add("  to        " + (file.equals("-") ? "standard output" : file));
    lines.add("  size      " + Units.size(report.bytes()));
    lines.add("  contents  " + FactsText.memories(report.memories()));
    lines.add("            apps " + report.apps() + ", categories " + report.categories());
    lines.add(took());
    lines.warnings(report.warnings());
    return lines.text();
  }

  @Override
  public String carried(ArchiveReport report, String file) {
    return ArchiveOutput.text(report, file, age.get());
  }

  @Override
  public String imported(ImportReport report, Optional<MigrationReport> needs) {
    Lines lines = new Lines();
    lines.add(ArchiveOutput.text(report, age.get()));
    needs.map(MigrationText::toDo).orElse(List.of()).forEach(lines::add);
    return lines.text();
  }

  @Override
  public String deleted(BackupName name) {
    return "Deleted backup " + name;
  }

  @Override
  public String pruned(PruneReport report) {
    return String.join("\n", PruneText.lines(report));
  }

  @Override
  public String pinned(BackupName name, boolean pinned, boolean changed) {
    String state = pinned ? "pinned" : "not pinned";
    return "Backup " + name + " is " + state + (changed ? "" : ", as it was before");
  }

  @Override
  public String unlocked(List<LockInfo> removed, List<LockInfo> left) {
    return String.join("\n", LockText.lines(removed, left));
  }

  @Override
  public String recovered(List<String> done) {
    return done.isEmpty() ? "There is no unfinished restore." : String.join("\n", done);
  }

  @Override
  public String snapshots(SnapshotOutcome outcome) {
    return String.join("\n", SnapshotText.lines(outcome, clock.getZone()));
  }

  @Override
  public String key(KeyOutcome outcome) {
    return outcome.text();
  }

  @Override
  public String scheduled(String format, String text) {
    return text;
  }

  @Override
  public String failure(Failure failure) {
    String place = failure.location().isEmpty() ? "" : " " + place(failure.location());
    String tried = failure.standsAlone() ? "" : failure.operation() + place + ": ";
    Lines lines = new Lines();
    lines.add("openmemory-backup: " + tried + failure.message());
    lines.add(failure.hint());
    return lines.text();
  }

  private static void files(Lines lines, Manifest manifest) {
    Table table = new Table();
    for (StoredFile file : manifest.files()) {
      boolean stated = !file.codecs().isEmpty() && file.plain().isKnown();
      String plain = stated ? "of " + Units.size(file.plain().size()) : "";
      table.row(file.name(), Units.size(file.stored().size()), plain);
    }
    lines.block("  files     ", table.lines(""));
  }

  /** A folder of this host as a person writes it; other locations as they are. */
  public static String place(String location) {
    return HostPath.of(location);
  }
}
