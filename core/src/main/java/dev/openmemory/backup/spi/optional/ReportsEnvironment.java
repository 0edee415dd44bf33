package dev.openmemory.backup.spi.optional;

import java.io.IOException;
import java.util.Optional;

/**
 * For a {@link dev.openmemory.backup.spi.BackupSource} of the component {@code config}, or a {@link
 * dev.openmemory.backup.spi.WriterControl}: to say which variables OpenMemory is started with. The
 * engine reports which variables a backup needs and OpenMemory does not have. The reports of both
 * are joined; the one of the control counts more.
 *
 * <p>Duties. {@code EnvironmentContract} of the testkit has a test for each number.
 *
 * <ul>
 *   <li><b>E1</b> The names are those of the variables that OpenMemory has, or would have when it
 *       is started now.
 *   <li><b>E2</b> No value leaves the call but the name of the user; {@link Environment#of} sees to
 *       that.
 *   <li><b>E3</b> Empty, and no failure, when there is no OpenMemory.
 *   <li><b>E4</b> It may be asked again, and changes nothing.
 * </ul>
 */
public interface ReportsEnvironment {
  /** The variables; see E1. */
  Optional<Environment> environment() throws IOException;
}
