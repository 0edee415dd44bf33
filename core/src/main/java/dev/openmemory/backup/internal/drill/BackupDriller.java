package dev.openmemory.backup.internal.drill;

import dev.openmemory.backup.BackupName;
import dev.openmemory.backup.BackupSummary;
import dev.openmemory.backup.drill.DrillReport;
import dev.openmemory.backup.drill.DrillRequest;
import dev.openmemory.backup.internal.catalog.BackupCatalog;
import dev.openmemory.backup.internal.run.Run;
import java.io.IOException;

/** Restores a backup to nobody, to know that it can be restored. */
public record BackupDriller(Run.Settings settings) {
  /** See {@link dev.openmemory.backup.Backups#drill}. */
  public DrillReport drill(BackupName name, DrillRequest request) throws IOException {
    try (Run run = Run.writing(settings)) {
      BackupSummary summary = new BackupCatalog(run.target()).find(name);
      return new DrillAttempt(run, summary, request).run();
    }
  }
}
