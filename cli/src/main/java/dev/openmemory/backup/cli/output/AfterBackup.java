package dev.openmemory.backup.cli.output;

import dev.openmemory.backup.BackupReport;
import dev.openmemory.backup.Warning;
import dev.openmemory.backup.drill.DrillReport;
import dev.openmemory.backup.prune.PruneReport;
import java.util.ArrayList;
import java.util.List;

/**
 * What was done once a backup was made.
 *
 * @param noticed warnings that are not in its manifest
 * @param proven the restore tests that passed, one for each target
 * @param pruned for each target with rules for that
 */
public record AfterBackup(
    List<Warning> noticed, List<DrillReport> proven, List<PruneReport> pruned) {
  /** Copies the lists. */
  public AfterBackup {
    noticed = List.copyOf(noticed);
    proven = List.copyOf(proven);
    pruned = List.copyOf(pruned);
  }

  /**
   * With the late warnings of the report.
   *
   * @param noticed of other warnings that are not in the manifest
   */
  public static AfterBackup of(
      BackupReport report,
      List<Warning> noticed,
      List<DrillReport> proven,
      List<PruneReport> pruned) {
    List<Warning> all = new ArrayList<>(report.lateWarnings());
    all.addAll(noticed);
    return new AfterBackup(all, proven, pruned);
  }

  /** Whether every prune did all that it should. */
  public boolean pruningSucceeded() {
    return pruned.stream().allMatch(PruneReport::ok);
  }
}
