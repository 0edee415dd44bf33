package dev.openmemory.backup.cli.output;

import dev.openmemory.backup.memories.MemoriesReport;
import dev.openmemory.backup.memories.Memory;
import dev.openmemory.backup.memories.MemoryDetails;
import dev.openmemory.backup.memories.MemoryHistory;
import java.util.Optional;

/** Memories as they are printed. A list of them may be too long for one text. */
public interface MemoryRenderer {
  /** What stands before the first memory of a list, if anything does. */
  Optional<String> beforeList();

  /**
   * One memory of a list.
   *
   * @param first whether it is the first one
   */
  String listed(Memory memory, boolean first);

  /** What stands after the last memory of a list. */
  String afterList(MemoriesReport report);

  String details(MemoryDetails details);

  /**
   * One memory through all backups.
   *
   * @param inFull also backups in which nothing changed
   */
  String history(MemoryHistory history, boolean inFull);

  /** Memories that were written to that file. */
  String written(MemoriesReport report, String format, String file);
}
