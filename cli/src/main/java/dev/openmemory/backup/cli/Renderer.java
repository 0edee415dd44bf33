package dev.openmemory.backup.cli;

import dev.openmemory.backup.BackupName;
import dev.openmemory.backup.BackupReport;
import dev.openmemory.backup.BackupSummary;
import dev.openmemory.backup.RestoreReport;
import dev.openmemory.backup.SyncReport;
import dev.openmemory.backup.VerifyReport;
import dev.openmemory.backup.Warning;
import java.util.List;

/** Results as they are printed, without the last line end. */
interface Renderer {
  /**
   * A backup that was made.
   *
   * @param noticed beforehand, when the installation was looked for
   */
  String created(BackupReport report, List<Warning> noticed);

  String list(List<BackupSummary> backups, String target);

  String show(BackupSummary backup);

  String verified(List<VerifyReport> reports);

  /**
   * A backup that was restored.
   *
   * @param noticed beforehand, when the installation was looked for
   */
  String restored(RestoreReport report, List<Warning> noticed);

  String examined(Examination examination);

  String synced(SyncReport report);

  String deleted(BackupName name);

  String failure(Failure failure);
}
