package dev.openmemory.backup.memories;

import dev.openmemory.backup.verify.CrossCheck;

/**
 * What was done so that memories and vectors belong together.
 *
 * @param changes what was done, or is going to be
 * @param after how memories and vectors compare in the end
 */
public record MemoryRepairReport(MemoryRestoreReport changes, CrossCheck after) {}
