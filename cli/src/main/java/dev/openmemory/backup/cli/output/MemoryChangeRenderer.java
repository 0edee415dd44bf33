package dev.openmemory.backup.cli.output;

import dev.openmemory.backup.memories.MemoryChange;
import dev.openmemory.backup.memories.MemoryRepairReport;
import dev.openmemory.backup.memories.MemoryRestoreReport;
import java.util.Optional;

/** Changes of memories as they are printed. They may be too many for one text. */
public interface MemoryChangeRenderer {
  /** What stands before the first change, if anything does. */
  Optional<String> before();

  /**
   * One memory; empty when there is nothing to say about it.
   *
   * @param first whether it is the first one that is printed
   */
  Optional<String> planned(MemoryChange change, boolean first);

  /**
   * What stands after the last change.
   *
   * @param repair what a repair says in addition
   */
  String after(MemoryRestoreReport report, Optional<MemoryRepairReport> repair);
}
