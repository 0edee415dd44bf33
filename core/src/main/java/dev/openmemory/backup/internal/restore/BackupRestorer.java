package dev.openmemory.backup.internal.restore;

import dev.openmemory.backup.BackupEvent;
import dev.openmemory.backup.BackupName;
import dev.openmemory.backup.Installation;
import dev.openmemory.backup.RestoreReport;
import dev.openmemory.backup.RestoreRequest;
import dev.openmemory.backup.internal.catalog.OpenParts;
import dev.openmemory.backup.internal.catalog.OpenParts.OpenPart;
import dev.openmemory.backup.internal.catalog.StoredBackup;
import dev.openmemory.backup.internal.lock.HomeLock;
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

  /** What a restore has done first, once it has the lock of the home. */
  public interface Preparation {
    void of(Run run, Installation installation) throws IOException;
  }

  /** See {@link dev.openmemory.backup.Backups#restore}. */
  @SuppressWarnings("try")
  public RestoreReport restore(
      BackupName name, Installation installation, RestoreRequest request, Preparation preparation)
      throws IOException {
    try (Run run = Run.reading(settings);
        HomeLock lock = HomeLock.take(run, installation.home(), "restore")) {
      for (String done : recovery(installation).run()) {
        run.tell(new BackupEvent.LeftoverHandled(done));
      }
      preparation.of(run, installation);
      return new RestoreAttempt(run, installation, replacement(run, name, installation, request))
          .run();
    }
  }

  private static Replacement replacement(
      Run run, BackupName name, Installation installation, RestoreRequest request)
      throws IOException {
    StoredBackup backup = StoredBackup.find(run, name).requireUndamaged("restore");
    RestorePlan plan =
        RestorePlan.make(backup.summary(), OpenParts.open(run, installation), request);
    return new BackupReplacement(backup, installation, plan, request);
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
      new BeforeStop(run, installation, replacement.components()).check(sources);
    }
  }

  /** See {@link dev.openmemory.backup.Backups#recover}. */
  public List<String> recover(Installation installation) throws IOException {
    return underLock(installation, Recovery::run);
  }

  /** See {@link dev.openmemory.backup.Backups#acceptRepair}. */
  public List<String> acceptRepair(Installation installation) throws IOException {
    return underLock(installation, Recovery::acceptRepair);
  }

  /** See {@link dev.openmemory.backup.Backups#retryRecovery}. */
  public List<String> retryRecovery(Installation installation) throws IOException {
    return underLock(installation, Recovery::retry);
  }

  private interface Work {
    List<String> of(Recovery recovery) throws IOException;
  }

  /** Makes nothing in a folder where nothing is to be done, which may be no home. */
  @SuppressWarnings("try")
  private List<String> underLock(Installation installation, Work work) throws IOException {
    Recovery recovery = recovery(installation);
    if (recovery.isNeedless()) {
      return List.of();
    }
    try (HomeLock lock = HomeLock.take(installation.home(), "recover", settings.clock())) {
      return work.of(recovery);
    }
  }

  private Recovery recovery(Installation installation) {
    return new Recovery(installation.home(), settings.clock());
  }
}
