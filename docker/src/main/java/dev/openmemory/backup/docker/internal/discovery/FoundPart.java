package dev.openmemory.backup.docker.internal.discovery;

import dev.openmemory.backup.Installation.Part;
import dev.openmemory.backup.docker.Discovery.Finding;
import java.util.Optional;

/**
 * One part of the installation.
 *
 * @param part empty when nothing here can handle it
 * @param at where it is in its container, when it is in one
 */
record FoundPart(Optional<Part> part, Finding finding, Optional<ContainerLocation> at) {
  static FoundPart of(Part part, Finding finding) {
    return new FoundPart(Optional.of(part), finding, Optional.empty());
  }

  static FoundPart of(Part part, Finding finding, ContainerLocation at) {
    return new FoundPart(Optional.of(part), finding, Optional.of(at));
  }
}
