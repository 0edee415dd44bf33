package dev.openmemory.backup.memories;

import dev.openmemory.backup.drill.DrillRequest;

/**
 * How memories and vectors are made to belong together. Immutable.
 *
 * @param dropOrphans whether vectors without a memory are removed
 * @param dryRun whether nothing is changed
 * @param vectors what may open the vectors of backups, as of a drill
 */
public record MemoryRepairRequest(boolean dropOrphans, boolean dryRun, DrillRequest vectors) {
  /** Missing vectors are put back, and nothing is removed. */
  public static final MemoryRepairRequest STANDARD =
      new MemoryRepairRequest(false, false, DrillRequest.STANDARD);

  /** The same; vectors without a memory are removed. */
  public MemoryRepairRequest droppingOrphans() {
    return new MemoryRepairRequest(true, dryRun, vectors);
  }

  /** The same without changing anything. */
  public MemoryRepairRequest asDryRun() {
    return new MemoryRepairRequest(dropOrphans, true, vectors);
  }

  /** The same with what may open the vectors of backups. */
  public MemoryRepairRequest withVectorsBy(DrillRequest openers) {
    return new MemoryRepairRequest(dropOrphans, dryRun, openers);
  }
}
