package dev.openmemory.backup.cli;

import dev.openmemory.backup.BackupName;
import dev.openmemory.backup.BackupReport;
import dev.openmemory.backup.BackupSummary;
import dev.openmemory.backup.RestoreReport;
import dev.openmemory.backup.VerifyReport;
import java.util.List;

/** Results as they are printed, without the last line end. */
interface Renderer {
  String created(BackupReport report);

  String list(List<BackupSummary> backups, String target);

  String show(BackupSummary backup);

  String verified(List<VerifyReport> reports);

  String restored(RestoreReport report);

  String deleted(BackupName name);

  String failure(Failure failure);
}
