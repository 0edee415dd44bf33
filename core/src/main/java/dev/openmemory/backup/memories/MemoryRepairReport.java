package dev.openmemory.backup.memories;

import dev.openmemory.backup.verify.CrossCheck;

/**
 * What was done so that memories and vectors belong together.
 *
 * @param changes what was done, or is going to be
 * @param searched in how many backups missing vectors were looked for
 * @param notSearched how many older ones were left, although vectors are still missing
 * @param after how memories and vectors compare in the end
 */
public record MemoryRepairReport(
    MemoryRestoreReport changes, int searched, int notSearched, CrossCheck after) {}
