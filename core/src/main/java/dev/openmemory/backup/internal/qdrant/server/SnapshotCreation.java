package dev.openmemory.backup.internal.qdrant.server;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import java.time.Duration;
import java.util.Optional;

/**
 * Makes a snapshot. The request is sent once, as a second one would make a second snapshot: a
 * server continues when its client is gone, and lists the snapshot when it is complete.
 */
record SnapshotCreation(Transport transport, String collection) {
  private static final String OPERATION = "create snapshot";
  private static final Duration ONE_SECOND = Duration.ofSeconds(1);

  SnapshotInfo create() throws BackupException {
    SnapshotList before = list();
    if (before.mayHoldOneOfThisSecond()) {
      // Names have the resolution of a second, and a file is replaced by another of its name.
      transport.pause(ONE_SECOND);
    }
    Answer answer;
    try {
      answer =
          transport.change(
              Request.plain(OPERATION, "POST", Address.snapshots(collection) + "?wait=true"),
              transport.deadline(transport.timings().create()));
    } catch (BackupException e) {
      if (!NoAnswer.mayGoOn(e)) {
        throw e;
      }
      return awaitListed(before, e);
    }
    return SnapshotList.info(answer.document().object("result"));
  }

  private SnapshotInfo awaitListed(SnapshotList before, BackupException lost)
      throws BackupException {
    Deadline deadline = transport.deadline(transport.timings().create());
    while (!deadline.isOver()) {
      Optional<SnapshotInfo> made = look(before, lost);
      if (made.isPresent()) {
        return made.get();
      }
      transport.pause(transport.timings().poll());
    }
    throw Kind.TIMEOUT.failure(
        OPERATION,
        transport.location(),
        "the answer was lost ("
            + lost.fact()
            + ") and no new snapshot of collection "
            + collection
            + " is listed",
        lost);
  }

  private Optional<SnapshotInfo> look(SnapshotList before, BackupException lost)
      throws BackupException {
    try {
      return list().newestNotIn(before);
    } catch (BackupException e) {
      if (e.kind().isTransient()) {
        return Optional.empty();
      }
      e.addSuppressed(lost);
      throw e;
    }
  }

  private SnapshotList list() throws BackupException {
    return SnapshotList.read(transport, collection);
  }
}
