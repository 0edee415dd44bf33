package dev.openmemory.backup.cli.command;

import dev.openmemory.backup.BackupListener;
import dev.openmemory.backup.Backups;
import dev.openmemory.backup.cli.output.ExitCodes;
import dev.openmemory.backup.cli.settings.LockOptions;
import dev.openmemory.backup.cli.settings.RetentionOptions;
import dev.openmemory.backup.cli.settings.Session;
import dev.openmemory.backup.cli.settings.TargetPolicies;
import dev.openmemory.backup.prune.PruneReport;
import dev.openmemory.backup.prune.PruneRequest;
import dev.openmemory.backup.prune.RetentionPolicy;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "prune",
    description = "Delete old backups, keeping those the --keep-* rules select (per installation).")
final class PruneCommand implements Callable<Integer> {
  private final Session session;

  @Mixin private RetentionOptions retention = new RetentionOptions();

  @Mixin private LockOptions lock = new LockOptions();

  @Option(
      names = "--dry-run",
      description = "Show what would be kept and removed, and why. Change nothing.")
  boolean dryRun;

  @Option(
      names = "--include-unverified",
      description =
          "Also prune backups without a manifest, such as backups made by scripts."
              + " They form a group of their own, dated by their newest file.")
  boolean includeUnverified;

  @Option(
      names = "--allow-delete-all",
      description = "Allow deleting the last usable backup of an installation.")
  boolean allowDeleteAll;

  @Option(
      names = "--allow-delete-proven",
      description = "Allow deleting the last backup that passed a restore test ('drill').")
  boolean allowDeleteProven;

  @Option(
      names = "--allow-suspicious",
      description = "Prune even if the newest backup is much smaller than the previous one.")
  boolean allowSuspicious;

  @Option(names = "--yes", description = "Do not ask.")
  boolean yes;

  PruneCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws IOException {
    String target = session.options().targetLocation();
    RetentionPolicy policy = TargetPolicies.of(session, List.of(target), retention).of(target);
    PruneRequest request =
        new PruneRequest(
            policy,
            Optional.empty(),
            dryRun,
            includeUnverified,
            allowDeleteAll,
            allowDeleteProven,
            allowSuspicious);
    Duration lockTimeout = lock.timeout();
    return session.withBackups(
        (all, location) -> {
          Backups backups = all.withLockTimeout(lockTimeout);
          if (!dryRun && !yes) {
            confirm(backups, location, request);
          }
          PruneReport report = backups.prune(request);
          session.terminal().result(session.renderer().pruned(report));
          return report.ok() ? ExitCodes.OK : ExitCodes.WARNINGS;
        });
  }

  private void confirm(Backups backups, String location, PruneRequest request) throws IOException {
    session.confirmDeletion(
        location,
        "will be deleted",
        backups.withListener(BackupListener.NONE).prune(request.asDryRun()).removed().stream()
            .map(decision -> decision.name().value())
            .toList());
  }
}
