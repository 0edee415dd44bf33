package dev.openmemory.backup.internal.restore;

import dev.openmemory.backup.BackupEvent;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.BackupName;
import dev.openmemory.backup.BackupSummary;
import dev.openmemory.backup.BackupSummary.State;
import dev.openmemory.backup.Installation;
import dev.openmemory.backup.RestoreReport;
import dev.openmemory.backup.RestoreRequest;
import dev.openmemory.backup.internal.catalog.BackupCatalog;
import dev.openmemory.backup.internal.catalog.OpenParts;
import dev.openmemory.backup.internal.catalog.OpenParts.OpenPart;
import dev.openmemory.backup.internal.process.OpenFiles;
import dev.openmemory.backup.internal.run.Run;
import dev.openmemory.backup.internal.swap.ChecksPlace;
import dev.openmemory.backup.spi.BackupSource;
import java.io.IOException;
import java.util.List;

/** Restores a backup: everything fetched and checked, then exchanged, then final or put back. */
public final class BackupRestorer {
  private final Run.Settings settings;

  /** Restores with these settings. */
  public BackupRestorer(Run.Settings settings) {
    this.settings = settings;
  }

  /** See {@link dev.openmemory.backup.Backups#restore}. */
  public RestoreReport restore(BackupName name, Installation installation, RestoreRequest request)
      throws IOException {
    try (Run run = Run.reading(settings)) {
      for (String done : recover(installation)) {
        run.tell(new BackupEvent.LeftoverHandled(done));
      }
      return new RestoreAttempt(run, installation, replacement(run, name, installation, request))
          .run();
    }
  }

  private static Replacement replacement(
      Run run, BackupName name, Installation installation, RestoreRequest request)
      throws IOException {
    BackupSummary summary = new BackupCatalog(run.target()).find(name);
    if (summary.state() == State.DAMAGED) {
      throw Kind.CORRUPT.failure(
          "restore", run.target().location() + "/" + name, summary.problem().orElse("damaged"));
    }
    RestorePlan plan = RestorePlan.make(summary, OpenParts.open(run, installation), request);
    return new BackupReplacement(run, summary, plan, request);
  }

  /** See {@link dev.openmemory.backup.Backups#checkRestore}. */
  public void check(BackupName name, Installation installation, RestoreRequest request)
      throws IOException {
    try (Run run = Run.reading(settings)) {
      Replacement replacement = replacement(run, name, installation, request);
      replacement.requireFit();
      List<BackupSource> sources = replacement.parts().stream().map(OpenPart::source).toList();
      for (BackupSource source : sources) {
        if (source instanceof ChecksPlace place) {
          place.requireReplaceable(run.quietContext());
        }
      }
      new BeforeStop(run, installation, new OpenFiles(OpenFiles.PROC)).check(sources);
    }
  }

  /** See {@link dev.openmemory.backup.Backups#recover}. */
  public List<String> recover(Installation installation) throws IOException {
    return new Recovery(installation.home(), settings.clock()).run();
  }

  /** See {@link dev.openmemory.backup.Backups#acceptRepair}. */
  public List<String> acceptRepair(Installation installation) throws IOException {
    return new Recovery(installation.home(), settings.clock()).acceptRepair();
  }

  /** See {@link dev.openmemory.backup.Backups#retryRecovery}. */
  public List<String> retryRecovery(Installation installation) throws IOException {
    return new Recovery(installation.home(), settings.clock()).retry();
  }
}
