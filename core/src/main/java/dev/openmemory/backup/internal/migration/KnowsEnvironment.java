package dev.openmemory.backup.internal.migration;

import java.io.IOException;
import java.util.Optional;

/** A source, or a control of writers, that can tell what OpenMemory is started with. */
public interface KnowsEnvironment {
  /** The variables as they are now; empty when there is no OpenMemory. */
  Optional<Environment> environment() throws IOException;
}
