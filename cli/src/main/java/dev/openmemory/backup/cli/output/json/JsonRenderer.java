package dev.openmemory.backup.cli.output.json;

import dev.openmemory.backup.BackupName;
import dev.openmemory.backup.BackupReport;
import dev.openmemory.backup.BackupSummary;
import dev.openmemory.backup.LockInfo;
import dev.openmemory.backup.RestoreReport;
import dev.openmemory.backup.Warning;
import dev.openmemory.backup.archive.ArchiveReport;
import dev.openmemory.backup.archive.ImportReport;
import dev.openmemory.backup.cli.advice.Advice;
import dev.openmemory.backup.cli.output.AfterBackup;
import dev.openmemory.backup.cli.output.Examination;
import dev.openmemory.backup.cli.output.Failure;
import dev.openmemory.backup.cli.output.KeyOutcome;
import dev.openmemory.backup.cli.output.Listing;
import dev.openmemory.backup.cli.output.LockText;
import dev.openmemory.backup.cli.output.Renderer;
import dev.openmemory.backup.cli.output.SnapshotOutcome;
import dev.openmemory.backup.cli.output.Status;
import dev.openmemory.backup.diff.BackupDiff;
import dev.openmemory.backup.drill.DrillReport;
import dev.openmemory.backup.export.ExportReport;
import dev.openmemory.backup.migration.MigrationReport;
import dev.openmemory.backup.prune.PruneReport;
import dev.openmemory.backup.sync.SyncReport;
import dev.openmemory.backup.targetcheck.TargetCheckReport;
import dev.openmemory.backup.undo.CleanupReport;
import dev.openmemory.backup.undo.UndoReport;
import dev.openmemory.backup.verify.CrossCheck;
import dev.openmemory.backup.verify.VerifyReport;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import tools.jackson.databind.json.JsonMapper;

/** One JSON document for each result; the members are described in {@code docs/cli.md}. */
public final class JsonRenderer implements Renderer {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private final Supplier<Duration> age;

  /**
   * Renders.
   *
   * @param age of the command, which is the time that it took so far
   */
  public JsonRenderer(Supplier<Duration> age) {
    this.age = age;
  }

  @Override
  public String created(BackupReport report, AfterBackup after) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("locations", report.locations());
    document.put("missed", report.missed().stream().map(JsonRenderer::missed).toList());
    document.put("storedBytes", report.manifest().storedBytes());
    document.put("elapsedSeconds", BackupJson.seconds(age.get()));
    report.held().ifPresent(held -> document.put("held", held(held)));
    document.put("noticed", BackupJson.warnings(after.noticed()));
    document.put(
        "proven", after.proven().stream().map(test -> drill(test, test.elapsed())).toList());
    document.put("manifest", BackupJson.manifest(report.manifest()));
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("backup", document);
    all.put("pruned", after.pruned().stream().map(PruneJson::document).toList());
    return text(all);
  }

  private static Map<String, Object> missed(BackupReport.Missed missed) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("target", missed.location());
    document.put("kind", missed.reason().kind().name());
    document.put("message", missed.reason().getMessage());
    document.put("hint", Advice.on(missed.reason()));
    return document;
  }

  @Override
  public String list(Listing listing) {
    return text(ListJson.document(listing));
  }

  @Override
  public String show(BackupSummary backup) {
    Map<String, Object> document = BackupJson.summary(backup);
    backup.manifest().ifPresent(m -> document.put("manifest", BackupJson.manifest(m)));
    return text(Map.of("backup", document));
  }

  @Override
  public String verified(List<VerifyReport> reports, Map<BackupName, CrossCheck> compared) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("ok", reports.stream().allMatch(VerifyReport::ok));
    document.put("backups", reports.stream().map(r -> verified(r, compared)).toList());
    return text(document);
  }

  @Override
  public String drilled(DrillReport report) {
    return text(Map.of("drill", drill(report, age.get())));
  }

  private static Map<String, Object> drill(DrillReport report, Duration took) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("name", report.name().value());
    document.put("outcome", report.outcome().name().toLowerCase(Locale.ROOT));
    document.put("restored", report.restored());
    report.seen().ifPresent(seen -> document.put("seen", BackupJson.seen(seen)));
    report.notBooted().ifPresent(reason -> document.put("notBooted", reason));
    document.put("problems", report.problems().stream().map(BackupJson::problem).toList());
    document.put("recorded", report.recorded());
    document.put("warnings", BackupJson.warnings(report.warnings()));
    document.put("elapsedSeconds", BackupJson.seconds(took));
    return document;
  }

  @Override
  public String restored(
      RestoreReport report, List<Warning> noticed, Optional<MigrationReport> needs) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("name", report.name().value());
    document.put("dryRun", report.dryRun());
    document.put("components", report.components());
    Map<String, String> previous = new TreeMap<>();
    report.previous().forEach((component, path) -> previous.put(component, path.toString()));
    document.put("previous", previous);
    document.put("undoable", report.undoable());
    document.put("warnings", BackupJson.warnings(report.warnings()));
    document.put("noticed", BackupJson.warnings(noticed));
    document.put("elapsedSeconds", BackupJson.seconds(age.get()));
    return withNeeds("restore", document, needs);
  }

  private static String withNeeds(
      String name, Map<String, Object> document, Optional<MigrationReport> needs) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put(name, document);
    needs.ifPresent(report -> all.put("migration", MigrationJson.document(report)));
    return text(all);
  }

  @Override
  public String migration(MigrationReport report) {
    return text(Map.of("migration", MigrationJson.document(report)));
  }

  @Override
  public String compared(BackupDiff diff) {
    return text(Map.of("diff", DiffJson.document(diff)));
  }

  @Override
  public String undone(UndoReport report) {
    return text(Map.of("undo", UndoJson.document(report, age.get())));
  }

  @Override
  public String cleaned(CleanupReport report) {
    return text(Map.of("cleanup", UndoJson.document(report)));
  }

  @Override
  public String examined(Examination examination) {
    return text(Map.of("doctor", DoctorJson.document(examination)));
  }

  @Override
  public String status(Status status) {
    return text(Map.of("status", StatusJson.document(status)));
  }

  @Override
  public String targetChecked(TargetCheckReport report) {
    return text(Map.of("targetCheck", TargetCheckJson.document(report)));
  }

  @Override
  public String synced(SyncReport report) {
    return text(Map.of("sync", SyncJson.document(report, age.get())));
  }

  @Override
  public String exported(ExportReport report, String file) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("name", report.name().value());
    document.put("format", report.format().name().toLowerCase(Locale.ROOT));
    document.put("user", report.user());
    document.put("file", file);
    document.put("memories", report.memories());
    document.put("categories", report.categories());
    document.put("apps", report.apps());
    document.put("bytes", report.bytes());
    document.put("warnings", BackupJson.warnings(report.warnings()));
    document.put("elapsedSeconds", BackupJson.seconds(age.get()));
    return text(Map.of("export", document));
  }

  @Override
  public String carried(ArchiveReport report, String file) {
    return text(Map.of("export", ArchiveOutput.document(report, file, age.get())));
  }

  @Override
  public String imported(ImportReport report, Optional<MigrationReport> needs) {
    return withNeeds("import", ArchiveOutput.document(report, age.get()), needs);
  }

  @Override
  public String deleted(BackupName name) {
    return text(Map.of("deleted", name.value()));
  }

  @Override
  public String pruned(PruneReport report) {
    return text(Map.of("prune", PruneJson.document(report)));
  }

  @Override
  public String pinned(BackupName name, boolean pinned, boolean changed) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("name", name.value());
    document.put("pinned", pinned);
    document.put("changed", changed);
    return text(Map.of("pin", document));
  }

  @Override
  public String unlocked(List<LockInfo> removed, List<LockInfo> left) {
    return text(Map.of("locks", LockText.document(removed, left)));
  }

  @Override
  public String recovered(List<String> done) {
    return text(Map.of("recovered", done));
  }

  @Override
  public String snapshots(SnapshotOutcome outcome) {
    return text(Map.of("snapshot", SnapshotJson.document(outcome)));
  }

  @Override
  public String key(KeyOutcome outcome) {
    return text(Map.of("key", outcome.document()));
  }

  @Override
  public String scheduled(String format, String text) {
    return text(Map.of("schedule", Map.of("format", format, "text", text)));
  }

  @Override
  public String failure(Failure failure) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("kind", failure.kind().name());
    document.put("operation", failure.operation());
    document.put("location", failure.location());
    document.put("message", failure.message());
    document.put("hint", failure.hint());
    document.put("exitCode", failure.exitCode());
    return text(Map.of("error", document));
  }

  private static Map<String, Object> verified(
      VerifyReport report, Map<BackupName, CrossCheck> compared) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("name", report.name().value());
    document.put("ok", report.ok());
    document.put("digestsCompared", report.digestsCompared());
    document.put("storedBytesOnly", report.storedBytesOnly());
    document.put("files", report.files().stream().map(JsonRenderer::checked).toList());
    document.put("problems", report.problems().stream().map(BackupJson::problem).toList());
    if (compared.containsKey(report.name())) {
      document.put("crossCheck", compared.get(report.name()).toFacts());
    }
    return document;
  }

  private static Map<String, Object> checked(VerifyReport.Checked file) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("file", file.file());
    document.put("storedBytes", file.storedBytes());
    file.plainBytes().ifPresent(bytes -> document.put("plainBytes", bytes));
    return document;
  }

  private static Map<String, Object> held(BackupReport.Held held) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("how", held.how().text());
    document.put("seconds", BackupJson.seconds(held.time()));
    document.put("writers", held.writers());
    return document;
  }

  private static String text(Map<String, Object> document) {
    return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(document);
  }
}
