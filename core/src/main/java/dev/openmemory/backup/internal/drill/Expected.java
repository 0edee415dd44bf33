package dev.openmemory.backup.internal.drill;

import dev.openmemory.backup.Facts;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a Qdrant is to show.
 *
 * @param collections all of them, and no other
 * @param stated facts that the backup states of its vectors
 * @param database restored beside them, if it was
 * @param snapshots to be taken in by an empty Qdrant, by collection; empty when it was started on a
 *     whole storage
 */
public record Expected(
    List<String> collections,
    Facts stated,
    Optional<Path> database,
    Map<String, Snapshot> snapshots) {

  public Expected {
    collections = List.copyOf(collections);
    snapshots = Map.copyOf(snapshots);
  }

  /**
   * A file to upload.
   *
   * @param sha256 lower-case hex
   */
  public record Snapshot(Path file, String sha256) {}

  /** Whether no program wrote while the points were counted. */
  boolean areCounted() {
    return !Boolean.FALSE.equals(stated.values().get("counted"));
  }

  /** The exact number of points, where the backup states it. */
  OptionalLong points(String collection) {
    return stated.number("points", collection);
  }
}
