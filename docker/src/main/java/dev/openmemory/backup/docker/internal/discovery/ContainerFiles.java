package dev.openmemory.backup.docker.internal.discovery;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** Files that only a container can reach. */
public interface ContainerFiles {
  /** The content of a file; empty when there is none. */
  Optional<InputStream> open(String container, String path) throws IOException;
}
