package dev.openmemory.backup.memories;

import dev.openmemory.backup.BackupName;
import dev.openmemory.backup.drill.DrillRequest;
import java.util.List;
import java.util.Optional;

/**
 * Which memories of a backup are to be put back, and how. Immutable.
 *
 * @param ids of the memories, as of {@link dev.openmemory.backup.Backups#memory}; empty for all
 *     that the query wants
 * @param query which are wanted when no id is given; deleted ones never are
 * @param deletedSince of these only the ones that this backup has and the installation has no
 *     longer, or as deleted
 * @param asNew whether they get new ids, so that what is there stays whatever it is
 * @param overwrite whether a memory that is there and is another one is replaced
 * @param dryRun whether nothing is changed
 * @param vectors what may open the vectors of the backup, as of a drill
 * @param newVectors how memories of which the backup has no vector get one; empty when they do not
 */
public record MemoryRestoreRequest(
    List<String> ids,
    MemoryQuery query,
    Optional<BackupName> deletedSince,
    boolean asNew,
    boolean overwrite,
    boolean dryRun,
    DrillRequest vectors,
    Optional<NewVectors> newVectors) {
  /** All memories; what is there stays. */
  public static final MemoryRestoreRequest ALL =
      new MemoryRestoreRequest(
          List.of(),
          MemoryQuery.ALL,
          Optional.empty(),
          false,
          false,
          false,
          DrillRequest.STANDARD,
          Optional.empty());

  /** Copies the list. */
  public MemoryRestoreRequest {
    ids = List.copyOf(ids);
  }

  /** The same for the memories with these ids only. */
  public MemoryRestoreRequest withIds(List<String> wanted) {
    return new MemoryRestoreRequest(
        wanted, query, deletedSince, asNew, overwrite, dryRun, vectors, newVectors);
  }

  /** The same for the memories that the query wants only. */
  public MemoryRestoreRequest withQuery(MemoryQuery wanted) {
    return new MemoryRestoreRequest(
        ids, wanted, deletedSince, asNew, overwrite, dryRun, vectors, newVectors);
  }

  /** The same for memories only that were deleted since that backup was made. */
  public MemoryRestoreRequest deletedSince(BackupName backup) {
    return new MemoryRestoreRequest(
        ids, query, Optional.of(backup), asNew, overwrite, dryRun, vectors, newVectors);
  }

  /** The same with new ids. */
  public MemoryRestoreRequest asNewOnes() {
    return new MemoryRestoreRequest(
        ids, query, deletedSince, true, overwrite, dryRun, vectors, newVectors);
  }

  /** The same; memories that are there are replaced when they differ. */
  public MemoryRestoreRequest overwriting() {
    return new MemoryRestoreRequest(
        ids, query, deletedSince, asNew, true, dryRun, vectors, newVectors);
  }

  /** The same without changing anything. */
  public MemoryRestoreRequest asDryRun() {
    return new MemoryRestoreRequest(
        ids, query, deletedSince, asNew, overwrite, true, vectors, newVectors);
  }

  /** The same with what may open the vectors of the backup. */
  public MemoryRestoreRequest withVectorsBy(DrillRequest openers) {
    return new MemoryRestoreRequest(
        ids, query, deletedSince, asNew, overwrite, dryRun, openers, newVectors);
  }

  /**
   * The same; memories of which the backup has no vector, or one of another embedder, get a new
   * one.
   */
  public MemoryRestoreRequest withNewVectors(NewVectors how) {
    return new MemoryRestoreRequest(
        ids, query, deletedSince, asNew, overwrite, dryRun, vectors, Optional.of(how));
  }
}
