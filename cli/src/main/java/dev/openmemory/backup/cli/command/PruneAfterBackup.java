package dev.openmemory.backup.cli.command;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.BackupReport;
import dev.openmemory.backup.Warning;
import dev.openmemory.backup.cli.settings.OpenTargets.OpenTarget;
import dev.openmemory.backup.cli.settings.TargetPolicies;
import dev.openmemory.backup.prune.PruneReport;
import dev.openmemory.backup.prune.PruneRequest;
import dev.openmemory.backup.prune.RetentionPolicy;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Has each target that got a new backup keep what its policy says, of that installation. */
record PruneAfterBackup(TargetPolicies policies, Duration lockTimeout) {

  /**
   * Prunes. The backup is made: what goes wrong now is a warning.
   *
   * @param noticed gets those warnings
   */
  List<PruneReport> in(List<OpenTarget> targets, BackupReport made, List<Warning> noticed)
      throws IOException {
    List<PruneReport> reports = new ArrayList<>();
    for (OpenTarget target : targets) {
      RetentionPolicy policy = policies.of(target.location());
      String place = target.target().location() + "/" + made.manifest().name();
      if (policy.isEmpty() || !made.locations().contains(place)) {
        continue;
      }
      try {
        PruneRequest request =
            PruneRequest.by(policy).withInstallation(made.manifest().installationId());
        reports.add(target.backups().withLockTimeout(lockTimeout).prune(request));
      } catch (BackupException e) {
        if (e.kind() == Kind.CANCELLED) {
          throw e;
        }
        noticed.add(new Warning("not-pruned", "old backups stay: " + e.getMessage()));
      }
    }
    return reports;
  }
}
