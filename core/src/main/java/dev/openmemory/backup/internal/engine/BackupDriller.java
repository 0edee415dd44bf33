package dev.openmemory.backup.internal.engine;

import dev.openmemory.backup.BackupName;
import dev.openmemory.backup.BackupSummary;
import dev.openmemory.backup.DrillReport;
import dev.openmemory.backup.DrillRequest;
import java.io.IOException;

/** Restores a backup to nobody, to know that it can be restored. */
public final class BackupDriller {
  private final Run.Settings settings;

  /** Proves with these settings. */
  public BackupDriller(Run.Settings settings) {
    this.settings = settings;
  }

  /** See {@link dev.openmemory.backup.Backups#drill}. */
  public DrillReport drill(BackupName name, DrillRequest request) throws IOException {
    try (Run run = Run.writing(settings)) {
      BackupSummary summary = new BackupCatalog(run.target()).find(name);
      return new DrillAttempt(run, summary, request).run();
    }
  }
}
