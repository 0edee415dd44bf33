package dev.openmemory.backup.spi.optional;

import dev.openmemory.backup.Facts;
import dev.openmemory.backup.spi.RunContext;
import java.io.IOException;

/**
 * For a {@link dev.openmemory.backup.spi.BackupSource} of the component {@code config}: to say what
 * the configuration says now. The engine compares it with what a backup of another server needs.
 *
 * <p>Duties. {@code BackupSourceContract} of the testkit has a test for each number.
 *
 * <ul>
 *   <li><b>C1</b> The facts are the ones that a backup would state now, as far as the configuration
 *       shows them, so none is a secret. {@code docs/format.md} names them.
 *   <li><b>C2</b> A configuration that cannot be read is a failure, of kind {@code NOT_FOUND} when
 *       it is missing.
 *   <li><b>C3</b> Nothing is changed, and nothing stays in the scratch directory.
 * </ul>
 */
public interface ReportsSettings {
  /** The facts; see C1. */
  Facts settings(RunContext context) throws IOException;
}
