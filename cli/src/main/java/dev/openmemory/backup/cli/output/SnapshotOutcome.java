package dev.openmemory.backup.cli.output;

import dev.openmemory.backup.QdrantSnapshots.Snapshot;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;

/**
 * What a command about snapshots did.
 *
 * @param names of what it did it with: a file, a location, a snapshot; empty for lists
 * @param snapshots those concerned, as far as they are known
 * @param points in the collection afterwards, when it was replaced
 */
public record SnapshotOutcome(
    Action action,
    String server,
    String collection,
    String names,
    List<Snapshot> snapshots,
    OptionalLong points) {

  /** What was done. */
  public enum Action {
    LISTED,
    CREATED,
    DOWNLOADED,
    UPLOADED,
    RECOVERED,
    DELETED;

    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
