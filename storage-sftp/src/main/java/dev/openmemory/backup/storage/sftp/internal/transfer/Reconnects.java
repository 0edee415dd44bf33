package dev.openmemory.backup.storage.sftp.internal.transfer;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.storage.sftp.internal.session.LinkException;
import dev.openmemory.backup.storage.sftp.internal.session.Machine;
import dev.openmemory.backup.storage.sftp.internal.session.RemoteFiles;
import dev.openmemory.backup.storage.sftp.internal.session.SftpOperation;
import java.time.Duration;

/**
 * How long one write bears with a line that breaks: as often as it likes, while it gets further.
 *
 * <p>Not thread-safe.
 */
final class Reconnects {
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

  private final SftpOperation operation;
  private final Duration budget;
  private final Machine machine;
  private long lastProgress;
  private Duration pause = FIRST_PAUSE;

  Reconnects(SftpOperation operation) {
    this.operation = operation;
    // One silence to find out, and as much again to come back.
    this.machine = operation.connections().machine();
    this.lastProgress = machine.nanos();
    this.budget = operation.connections().timeout().multipliedBy(2);
  }

  /** What failed before no longer counts. */
  void progressed() {
    lastProgress = machine.nanos();
    pause = FIRST_PAUSE;
  }

  /**
   * Connects again after this failure, as soon as that can be done. The caller gives the session
   * back.
   */
  RemoteFiles after(LinkException failure) throws BackupException {
    BackupException last = operation.failure(failure);
    while (true) {
      pause(last);
      try {
        return operation.files();
      } catch (BackupException e) {
        if (!e.kind().isTransient()) {
          throw e;
        }
        last = e;
      }
    }
  }

  private void pause(BackupException failure) throws BackupException {
    if (machine.nanos() - lastProgress > budget.toNanos()) {
      throw failure;
    }
    try {
      machine.sleep(pause);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw operation.failure(Kind.CANCELLED, "interrupted while waiting to connect again");
    }
    Duration next = pause.multipliedBy(2);
    pause = next.compareTo(LONGEST_PAUSE) < 0 ? next : LONGEST_PAUSE;
  }
}
