package dev.openmemory.backup.internal.memories;

import dev.openmemory.backup.memories.Memory;
import java.io.IOException;

/** Takes one memory at a time. */
@FunctionalInterface
public interface MemorySink {
  void take(Memory memory) throws IOException;
}
