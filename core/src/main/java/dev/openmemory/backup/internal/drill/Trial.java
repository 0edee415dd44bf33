package dev.openmemory.backup.internal.drill;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.internal.crosscheck.IdFolder;
import dev.openmemory.backup.internal.qdrant.server.QdrantClient;
import dev.openmemory.backup.spi.TrialServer;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * A Qdrant that was started on what was restored.
 *
 * @param what it is, for people and for the record of the proof
 * @param folder for ids that do not fit into memory
 */
record Trial(TrialServer server, String what, IdFolder folder) {
  /**
   * Waits until it serves, and compares. What speaks against the backup becomes a problem.
   *
   * @param patience how long it may take to serve
   * @throws BackupException for what does not: cancelled, no space, no access
   */
  Findings run(Expected expected, Duration patience) throws IOException {
    Findings findings = new Findings(expected, folder);
    Cancellation cancellation = folder.cancellation();
    try {
      try (QdrantClient client = client(server, what, patience, cancellation)) {
        for (String collection : new TreeSet<>(expected.snapshots().keySet())) {
          takeIn(client, collection, expected.snapshots());
        }
        ServerJudge judge = new ServerJudge(client, client.version(), what);
        compareVersions(expected, judge.version(), findings);
        findings.compare(judge);
      }
    } catch (BackupException e) {
      if (isOfItsOwn(e.kind()) || folder.isPlaceOf(e)) {
        throw e;
      }
      findings.problem(reason(e));
    }
    return findings;
  }

  /** Whether it says nothing of the backup. */
  static boolean isOfItsOwn(Kind kind) {
    return kind == Kind.CANCELLED || kind == Kind.NO_SPACE || kind == Kind.DENIED;
  }

  /** A server that has ended does not answer; the reason for its end says more. */
  private String reason(BackupException failure) throws IOException {
    if (failure.operation().equals(Readiness.OPERATION)) {
      return failure.fact();
    }
    Optional<String> end = server.ended();
    return end.isPresent()
        ? Readiness.withLastWords(what + " " + end.get(), server.lastWords())
        : failure.getMessage();
  }

  /** Waits until the server serves. */
  static QdrantClient client(
      TrialServer server, String what, Duration patience, Cancellation cancellation)
      throws IOException {
    URI address = new Readiness(server, what, cancellation).await(patience);
    return QdrantClient.of(address, Optional.empty(), cancellation);
  }

  /** Has it take the snapshot of the collection; without snapshots it was started on all. */
  static void takeIn(
      QdrantClient client, String collection, Map<String, Expected.Snapshot> snapshots)
      throws IOException {
    if (!snapshots.isEmpty()) {
      Expected.Snapshot snapshot = snapshot(collection, snapshots);
      client.upload(collection, snapshot.file(), snapshot.sha256(), sent -> {});
    }
  }

  static Expected.Snapshot snapshot(String collection, Map<String, Expected.Snapshot> snapshots)
      throws BackupException {
    Expected.Snapshot snapshot = snapshots.get(collection);
    if (snapshot == null) {
      throw Kind.NOT_FOUND.failure(
          "read vectors of the backup", "", "the backup has no collection " + collection);
    }
    return snapshot;
  }

  /** Qdrant reads the storage of the next minor version at most; that this one did is reported. */
  private static void compareVersions(Expected expected, String version, Findings findings) {
    Optional<String> stated = expected.stated().text("qdrantVersion");
    if (stated.isPresent() && !stated.get().equals(version)) {
      findings.warn(
          "other-qdrant",
          "the backup was made with Qdrant " + stated.get() + ", but tested with " + version);
    }
  }
}
