package dev.openmemory.backup.it;

import dev.openmemory.backup.BackupEvent;
import dev.openmemory.backup.BackupEvent.Phase;
import dev.openmemory.backup.BackupName;
import dev.openmemory.backup.BackupRequest;
import dev.openmemory.backup.BackupTargets;
import dev.openmemory.backup.Backups;
import dev.openmemory.backup.RestoreRequest;
import dev.openmemory.backup.sample.PrintedPhases;
import dev.openmemory.backup.sample.WitnessedInstallation;
import dev.openmemory.backup.spi.BackupTarget;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Works on a {@link WitnessedInstallation} in a process that can be ended; uses the library alone.
 * Prints {@code ready}, each phase, and {@code done}.
 */
final class HoldingChild {
  private HoldingChild() {}

  /** Arguments: what to do, home, target, scratch, backup name. */
  public static void main(String[] args) throws IOException {
    PrintedPhases phases = PrintedPhases.toStandardOutput();
    WitnessedInstallation sample = new WitnessedInstallation(Path.of(args[1]));
    BackupName name = new BackupName(args[4]);
    try (BackupTarget target = BackupTargets.open(Path.of(args[2]))) {
      Backups backups =
          Backups.in(target)
              .withScratch(Path.of(args[3]))
              .withListener(
                  event -> {
                    phases.on(event);
                    if (event instanceof BackupEvent.PhaseStarted phase
                        && phase.phase() == Phase.PUBLISH
                        && args[0].equals("backup-beyond-the-end")) {
                      awaitResumed(sample);
                    }
                  });
      phases.out().println("ready");
      switch (args[0]) {
        case "backup-beyond-the-end" -> {
          Thread worker = Thread.currentThread();
          Runtime.getRuntime().addShutdownHook(new Thread(() -> awaitEnd(worker)));
          backups.create(sample.installation(), BackupRequest.STANDARD.withName(name).streamed());
        }
        case "backup" ->
            backups.create(sample.installation(), BackupRequest.STANDARD.withName(name));
        case "restore" ->
            backups.restore(
                name, sample.installation(), RestoreRequest.STANDARD.discardingPrevious());
        default -> throw new IllegalArgumentException(args[0]);
      }
      phases.out().println("done");
    }
  }

  /** The process is being ended meanwhile, and its hook does it. */
  private static void awaitResumed(WitnessedInstallation sample) {
    try {
      for (int i = 0; i < 2000 && !sample.runsAsBefore(); i++) {
        Thread.sleep(20);
      }
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void awaitEnd(Thread worker) {
    try {
      worker.join(60_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
