package dev.openmemory.backup.internal.engine;

import dev.openmemory.backup.BackupEvent.Phase;
import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.BackupName;
import dev.openmemory.backup.BackupSummary;
import dev.openmemory.backup.BackupSummary.State;
import dev.openmemory.backup.ExportReport;
import dev.openmemory.backup.ExportRequest;
import dev.openmemory.backup.Manifest.Component;
import dev.openmemory.backup.internal.export.OpenMemoryExport;
import dev.openmemory.backup.internal.file.FileFailure;
import dev.openmemory.backup.internal.file.NewFile;
import dev.openmemory.backup.internal.sqlite.DatabaseCheck;
import dev.openmemory.backup.internal.sqlite.StagedDatabase;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;

/** Writes the contents of a backup for other programs. Nothing is written before all is checked. */
public final class BackupExporter {
  private static final String OPERATION = "export";
  private static final String COMPONENT = "database";

  private final Run.Settings settings;

  /** Exports with these settings. */
  public BackupExporter(Run.Settings settings) {
    this.settings = settings;
  }

  /** See {@link dev.openmemory.backup.Backups#export(BackupName, ExportRequest, Path)}. */
  public ExportReport export(BackupName name, ExportRequest request, Path file) throws IOException {
    try (NewFile target = NewFile.begin(OPERATION, file)) {
      ExportReport report = export(name, request, target.stream(), file);
      target.publish();
      return report;
    }
  }

  /** See {@link dev.openmemory.backup.Backups#export(BackupName, ExportRequest, OutputStream)}. */
  public ExportReport export(BackupName name, ExportRequest request, OutputStream out)
      throws IOException {
    return export(name, request, out, Path.of(""));
  }

  private ExportReport export(BackupName name, ExportRequest request, OutputStream out, Path place)
      throws IOException {
    try (Run run = Run.reading(settings);
        StagedDatabase staged = StagedDatabase.inScratch(run.context())) {
      BackupSummary backup = new BackupCatalog(run.target()).find(name);
      run.enter(Phase.PREPARE, COMPONENT);
      fetch(run, backup, staged);
      run.enter(Phase.EXPORT, name.value());
      MeasuringOutputStream measured =
          new MeasuringOutputStream(out, bytes -> run.checkCancelled());
      OpenMemoryExport export =
          new OpenMemoryExport(staged.file(), location(run, name), backup.created(), run.context());
      OpenMemoryExport.Written written = export.write(request.user(), measured);
      return new ExportReport(
          name,
          request.format(),
          written.user(),
          written.memories(),
          written.categories(),
          written.apps(),
          measured.digest().size(),
          run.warnings(),
          run.elapsed());
    } catch (IOException e) {
      throw FileFailure.of(OPERATION, place, e);
    }
  }

  private static void fetch(Run run, BackupSummary backup, StagedDatabase staged)
      throws IOException {
    String location = location(run, backup.name());
    if (backup.state() == State.DAMAGED && backup.manifest().isEmpty()) {
      throw new BackupException(
          Kind.CORRUPT, OPERATION, location, backup.problem().orElse("damaged"));
    }
    Component database =
        BackupVerifier.components(backup).stream()
            .filter(c -> c.component().equals(COMPONENT))
            .findFirst()
            .orElseThrow(
                () ->
                    new BackupException(
                        Kind.NOT_FOUND, OPERATION, location, "the backup holds no database"));
    try {
      staged.fetch(new StoredFiles(run, backup, database), run.context());
    } catch (BackupException e) {
      throw e.kind() == Kind.NOT_FOUND
          ? new BackupException(Kind.CORRUPT, e.operation(), e.location(), e.fact(), e)
          : e;
    }
    DatabaseCheck.run(staged.file(), location, run.context().cancellation());
  }

  private static String location(Run run, BackupName name) {
    return run.target().location() + "/" + name;
  }
}
