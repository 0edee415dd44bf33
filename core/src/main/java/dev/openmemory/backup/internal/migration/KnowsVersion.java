package dev.openmemory.backup.internal.migration;

import dev.openmemory.backup.Cancellation;
import java.io.IOException;
import java.util.Optional;

/** A source, or a control of writers, that can ask a running Qdrant for its version. */
public interface KnowsVersion {
  /** The version, such as {@code 1.18.3}; empty when no Qdrant is known to run. */
  Optional<String> qdrantVersion(Cancellation cancellation) throws IOException;
}
