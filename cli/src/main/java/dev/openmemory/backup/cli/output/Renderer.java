package dev.openmemory.backup.cli.output;

import dev.openmemory.backup.BackupName;
import dev.openmemory.backup.BackupReport;
import dev.openmemory.backup.BackupSummary;
import dev.openmemory.backup.LockInfo;
import dev.openmemory.backup.RestoreReport;
import dev.openmemory.backup.Warning;
import dev.openmemory.backup.archive.ArchiveReport;
import dev.openmemory.backup.archive.ImportReport;
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
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Results as they are printed, without the last line end. */
public interface Renderer {
  /** A backup that was made, and what was done after it. */
  String created(BackupReport report, AfterBackup after);

  String list(Listing listing);

  String show(BackupSummary backup);

  String drilled(DrillReport report);

  String compared(BackupDiff diff);

  /**
   * Backups that were verified.
   *
   * @param compared the comparisons with a running Qdrant, where there was one
   */
  String verified(List<VerifyReport> reports, Map<BackupName, CrossCheck> compared);

  /**
   * A backup that was restored.
   *
   * @param noticed beforehand, when the installation was looked for
   * @param needs of the backup on this server, if they were looked for
   */
  String restored(RestoreReport report, List<Warning> noticed, Optional<MigrationReport> needs);

  String undone(UndoReport report);

  String cleaned(CleanupReport report);

  /** What a server must have for a backup, and whether it has it. */
  String migration(MigrationReport report);

  String examined(Examination examination);

  String status(Status status);

  /** What a target can be used for. */
  String targetChecked(TargetCheckReport report);

  String synced(SyncReport report);

  /**
   * What was exported.
   *
   * @param file that was made
   */
  String exported(ExportReport report, String file);

  /** A whole backup that was written to that file. */
  String carried(ArchiveReport report, String file);

  /**
   * Backups that were taken in.
   *
   * @param needs of the newest of them on this server, if they were looked for
   */
  String imported(ImportReport report, Optional<MigrationReport> needs);

  String deleted(BackupName name);

  String pruned(PruneReport report);

  /**
   * A backup that is pinned now, or is not.
   *
   * @param changed whether it was otherwise before
   */
  String pinned(BackupName name, boolean pinned, boolean changed);

  /** Locks that were removed, and locks that are left. */
  String unlocked(List<LockInfo> removed, List<LockInfo> left);

  /** What was done about a restore that was left half done; empty when there was none. */
  String recovered(List<String> done);

  String snapshots(SnapshotOutcome outcome);

  /** Keys that were made or found. */
  String key(KeyOutcome outcome);

  /** Text for another program, which says how it is used. */
  String scheduled(String format, String text);

  String failure(Failure failure);
}
