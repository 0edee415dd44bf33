package dev.openmemory.backup.docker.internal.discovery;

import dev.openmemory.backup.Installation.Writers;
import dev.openmemory.backup.docker.internal.engine.Container;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The writers of the data, in the order in which to hold them: a client comes before its server. A
 * Qdrant that makes snapshots has to run meanwhile.
 *
 * @param data where the parts are in their containers
 */
record WriterOrder(
    DiscoveryInput input, InstallationContainers containers, List<ContainerLocation> data) {

  /** Empty when there is none; stopped ones too, for they may be started meanwhile. */
  Optional<Writers> writers() {
    Set<Container> all = new LinkedHashSet<>(containers.apis());
    input.containers().stream().filter(this::writesTheData).forEach(all::add);
    containers.store().ifPresent(all::remove);
    Optional<Container> heldStore =
        containers.store().filter(store -> input.options().snapshots().isEmpty());
    heldStore.ifPresent(all::add);
    if (all.isEmpty()) {
      return Optional.empty();
    }
    Map<String, String> options = new LinkedHashMap<>();
    options.put("engine", input.engine());
    options.put("containers", all.stream().map(Container::name).collect(Collectors.joining(",")));
    heldStore.ifPresent(store -> options.put("store", store.name()));
    input.keyFile().ifPresent(file -> options.put("api-key-file", file));
    containers.apis().stream().findFirst().ifPresent(api -> options.put("api", api.name()));
    return Optional.of(new Writers("docker", options));
  }

  private boolean writesTheData(Container container) {
    return Role.of(container) != Role.UI
        && container.mounts().stream()
            .filter(m -> m.writable())
            .anyMatch(m -> data.stream().anyMatch(at -> at.isReachedBy(m)));
  }
}
