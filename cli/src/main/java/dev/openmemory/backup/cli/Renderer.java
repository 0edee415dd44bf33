package dev.openmemory.backup.cli;

import dev.openmemory.backup.ArchiveReport;
import dev.openmemory.backup.BackupName;
import dev.openmemory.backup.BackupReport;
import dev.openmemory.backup.BackupSummary;
import dev.openmemory.backup.CrossCheck;
import dev.openmemory.backup.DrillReport;
import dev.openmemory.backup.ExportReport;
import dev.openmemory.backup.ImportReport;
import dev.openmemory.backup.RestoreReport;
import dev.openmemory.backup.SyncReport;
import dev.openmemory.backup.VerifyReport;
import dev.openmemory.backup.Warning;
import java.util.List;
import java.util.Map;

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

  String drilled(DrillReport report);

  /**
   * Backups that were verified.
   *
   * @param compared of those whose memories were compared with a running Qdrant
   */
  String verified(List<VerifyReport> reports, Map<BackupName, CrossCheck> compared);

  /**
   * A backup that was restored.
   *
   * @param noticed beforehand, when the installation was looked for
   */
  String restored(RestoreReport report, List<Warning> noticed);

  String examined(Examination examination);

  String synced(SyncReport report);

  /**
   * What was exported.
   *
   * @param file that was made
   */
  String exported(ExportReport report, String file);

  /** A whole backup that was written to that file. */
  String carried(ArchiveReport report, String file);

  String imported(ImportReport report);

  String deleted(BackupName name);

  String snapshots(SnapshotOutcome outcome);

  String failure(Failure failure);
}
