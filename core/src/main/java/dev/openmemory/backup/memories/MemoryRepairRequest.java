package dev.openmemory.backup.memories;

import dev.openmemory.backup.drill.DrillRequest;
import java.util.Optional;

/**
 * How memories and vectors are made to belong together. Immutable.
 *
 * @param dropOrphans whether vectors without a memory are removed
 * @param dryRun whether nothing is changed
 * @param backups of how many backups the database is read at most, newest first; at least 1
 * @param vectors what may open the vectors of backups, as of a drill
 * @param newVectors how memories of which no backup has the vector get one; empty when they do not
 */
public record MemoryRepairRequest(
    boolean dropOrphans,
    boolean dryRun,
    int backups,
    DrillRequest vectors,
    Optional<NewVectors> newVectors) {
  /** A missing vector is most often in one of the newest; each costs its whole database. */
  private static final int MOST_BACKUPS = 20;

  /** Missing vectors are put back, and nothing is removed. */
  public static final MemoryRepairRequest STANDARD =
      new MemoryRepairRequest(false, false, MOST_BACKUPS, DrillRequest.STANDARD, Optional.empty());

  /** Refuses a number below 1. */
  public MemoryRepairRequest {
    if (backups < 1) {
      throw new IllegalArgumentException("at least one backup has to be searched");
    }
  }

  /** The same; vectors without a memory are removed. */
  public MemoryRepairRequest droppingOrphans() {
    return new MemoryRepairRequest(true, dryRun, backups, vectors, newVectors);
  }

  /** The same without changing anything. */
  public MemoryRepairRequest asDryRun() {
    return new MemoryRepairRequest(dropOrphans, true, backups, vectors, newVectors);
  }

  /** The same with so many databases of backups that are read at most. */
  public MemoryRepairRequest withBackups(int most) {
    return new MemoryRepairRequest(dropOrphans, dryRun, most, vectors, newVectors);
  }

  /** The same with what may open the vectors of backups. */
  public MemoryRepairRequest withVectorsBy(DrillRequest openers) {
    return new MemoryRepairRequest(dropOrphans, dryRun, backups, openers, newVectors);
  }

  /** The same; memories of which no backup has the vector get a new one. */
  public MemoryRepairRequest withNewVectors(NewVectors how) {
    return new MemoryRepairRequest(dropOrphans, dryRun, backups, vectors, Optional.of(how));
  }
}
