package dev.openmemory.backup.internal.export;

import dev.openmemory.backup.BackupEvent.Phase;
import dev.openmemory.backup.BackupName;
import dev.openmemory.backup.Manifest.Component;
import dev.openmemory.backup.export.ExportReport;
import dev.openmemory.backup.export.ExportRequest;
import dev.openmemory.backup.internal.catalog.StoredBackup;
import dev.openmemory.backup.internal.file.FileFailure;
import dev.openmemory.backup.internal.file.NewFile;
import dev.openmemory.backup.internal.run.Run;
import dev.openmemory.backup.internal.sqlite.StagedDatabase;
import dev.openmemory.backup.internal.stream.MeasuringOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;

/** Writes the contents of a backup for other programs. Nothing is written before all is checked. */
public record BackupExporter(Run.Settings settings) {
  private static final String OPERATION = "export";

  public ExportReport export(BackupName name, ExportRequest request, Path file) throws IOException {
    try (NewFile target = NewFile.begin(OPERATION, file)) {
      ExportReport report = export(name, request, target.stream(), file);
      target.publish();
      return report;
    }
  }

  public ExportReport export(BackupName name, ExportRequest request, OutputStream out)
      throws IOException {
    return export(name, request, out, Path.of(""));
  }

  private ExportReport export(BackupName name, ExportRequest request, OutputStream out, Path place)
      throws IOException {
    try (Run run = Run.reading(settings);
        StagedDatabase staged = StagedDatabase.inScratch(run.context())) {
      StoredBackup backup = StoredBackup.find(run, name);
      if (backup.summary().manifest().isEmpty()) {
        backup.requireUndamaged(OPERATION);
      }
      run.enter(Phase.PREPARE, Component.DATABASE);
      backup.fetch(backup.require(Component.DATABASE, OPERATION), staged);
      run.enter(Phase.EXPORT, name.value());
      MeasuringOutputStream measured =
          new MeasuringOutputStream(out, bytes -> run.checkCancelled());
      OpenMemoryExport export =
          new OpenMemoryExport(
              staged.file(), backup.location(), backup.summary().created(), run.context());
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
}
