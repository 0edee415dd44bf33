package dev.openmemory.backup.source.snapshot;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Warning;
import dev.openmemory.backup.internal.qdrant.SnapshotIndex;
import dev.openmemory.backup.internal.qdrant.server.QdrantClient;
import java.io.IOException;
import java.util.function.Consumer;

/**
 * Whether servers have as many points as were counted: a shard that a snapshot lacks is skipped by
 * Qdrant without a word.
 *
 * @param warnings takes what is no more than odd
 */
record PointCounts(Consumer<Warning> warnings) {

  void require(SnapshotIndex index, QdrantClient server) throws IOException {
    for (SnapshotIndex.Entry entry : index.collections()) {
      server.awaitApplied(entry.name());
      long count = server.count(entry.name());
      if (count != entry.points()) {
        differ(
            index,
            server.location() + "/collections/" + entry.name(),
            "has " + count + " points, and the backup " + entry.points());
      }
    }
  }

  /** What was counted beside writers may be off by what they wrote meanwhile. */
  private void differ(SnapshotIndex index, String place, String fact) throws BackupException {
    if (index.counted()) {
      throw Kind.INCONSISTENT.failure("restore snapshots", place, fact);
    }
    warnings.accept(
        new Warning(
            "points-differ",
            place + " " + fact + ", which was counted while other programs wrote"));
  }
}
