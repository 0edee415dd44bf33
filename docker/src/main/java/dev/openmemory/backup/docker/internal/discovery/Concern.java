package dev.openmemory.backup.docker.internal.discovery;

import dev.openmemory.backup.docker.DockerOptions;
import dev.openmemory.backup.docker.internal.engine.Container;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Whether a container belongs to an OpenMemory by what the list of the engine says, which has no
 * environment. A search cannot do without one that does.
 *
 * @param home the OpenMemory folder, as the engine's host calls it
 */
public record Concern(Optional<String> home, DockerOptions options)
    implements Predicate<Container> {
  @Override
  public boolean test(Container listed) {
    return Role.certain(listed).isPresent()
        || options.container().filter(name -> isNamed(listed, name)).isPresent()
        || options.project().filter(DiscoveryInput.project(listed)::equals).isPresent()
        || home.filter(listed.label(DiscoveryInput.WORKING_DIR_LABEL)::equals).isPresent();
  }

  private static boolean isNamed(Container listed, String name) {
    return listed.name().equals(name) || listed.id().startsWith(name);
  }
}
