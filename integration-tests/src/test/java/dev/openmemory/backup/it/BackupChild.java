package dev.openmemory.backup.it;

import dev.openmemory.backup.BackupName;
import dev.openmemory.backup.BackupRequest;
import dev.openmemory.backup.BackupTargets;
import dev.openmemory.backup.Backups;
import dev.openmemory.backup.Installation;
import dev.openmemory.backup.RestoreRequest;
import dev.openmemory.backup.prune.PruneReport;
import dev.openmemory.backup.prune.PruneRequest;
import dev.openmemory.backup.prune.RetentionPolicy;
import dev.openmemory.backup.sample.PrintedPhases;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.sync.SyncRequest;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;

/**
 * Works on a home in a process that can be killed; prints {@code ready}, each phase, and {@code
 * done}.
 */
final class BackupChild {
  private BackupChild() {}

  private static Installation snapshots(Path home, String url) {
    return Installation.at(home).withSnapshots(Installation.Snapshots.of(URI.create(url)));
  }

  /** Arguments: what to do, home, target, scratch, backup name, address of a Qdrant. */
  public static void main(String[] args) throws IOException {
    PrintedPhases phases = PrintedPhases.toStandardOutput();
    Path home = Path.of(args[1]);
    Installation installation = Installation.at(home).withStorage(home.resolve("storage"));
    try (BackupTarget target = BackupTargets.open(Path.of(args[2]))) {
      Backups backups = Backups.in(target).withScratch(Path.of(args[3])).withListener(phases);
      phases.out().println("ready");
      for (String step : List.of(args[0].split(",", -1))) {
        switch (step) {
          case "backup" -> backups.create(installation, BackupRequest.named(args[4]));
          case "verify" -> {
            if (!backups.verify(new BackupName(args[4])).ok()) {
              throw new IllegalStateException("does not verify");
            }
          }
          case "list" -> {
            if (backups.list().size() != 1) {
              throw new IllegalStateException("lists other backups");
            }
          }
          case "prune" -> {
            PruneReport report =
                backups.prune(PruneRequest.by(RetentionPolicy.in(ZoneOffset.UTC).keepLast(1)));
            if (!report.removed().isEmpty()) {
              throw new IllegalStateException("removes something");
            }
          }
          case "backup-vectors" ->
              backups.create(
                  snapshots(home, args[5]),
                  BackupRequest.named(args[4]).withOnly(Set.of("vectors")));
          case "restore-vectors" ->
              backups.restore(
                  new BackupName(args[4]),
                  snapshots(home, args[5]),
                  RestoreRequest.STANDARD
                      .withOnly(Set.of("vectors"))
                      .acceptingMismatch()
                      .discardingPrevious());
          case "restore" ->
              backups.restore(new BackupName(args[4]), installation, RestoreRequest.STANDARD);
          case "sync" -> {
            try (BackupTarget copies = BackupTargets.open(home)) {
              backups.sync(copies, SyncRequest.STANDARD);
            }
          }
          case "restore-elsewhere" ->
              backups.restore(
                  new BackupName(args[4]),
                  Installation.inFolder(home.resolveSibling("elsewhere")),
                  RestoreRequest.STANDARD
                      .withOnly(Set.of("vectors"))
                      .acceptingMismatch()
                      .discardingPrevious());
          default -> throw new IllegalArgumentException(step);
        }
      }
      phases.out().println("done");
    }
  }
}
