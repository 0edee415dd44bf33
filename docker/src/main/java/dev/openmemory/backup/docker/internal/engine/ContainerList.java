package dev.openmemory.backup.docker.internal.engine;

import com.github.dockerjava.api.DockerClient;
import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The containers of an engine. One of another program may hang when it is inspected. */
record ContainerList(DockerClient client, WatchedTransport transport, DockerFailure failure) {
  /** Of an answer about a container that does not matter, by what the list says. */
  static final Duration FOREIGN_TIMEOUT = Duration.ofSeconds(10);

  private static final Logger LOG = LoggerFactory.getLogger(ContainerList.class);

  /** Inspects the container of an id; empty when it went away. */
  interface Inspection {
    Optional<Container> of(String id) throws IOException;
  }

  /** See {@link DockerEngine#containers(Predicate)}. */
  List<Container> inspected(Predicate<Container> matters, Inspection inspection)
      throws IOException {
    List<Container> containers = new ArrayList<>();
    for (var raw : raw()) {
      Container listed = Inspected.listed(raw);
      if (matters.test(listed)) {
        inspection.of(listed.id()).ifPresent(containers::add);
      } else {
        foreign(listed, inspection).ifPresent(containers::add);
      }
    }
    return containers;
  }

  private Optional<Container> foreign(Container listed, Inspection inspection) throws IOException {
    try {
      return transport.within(FOREIGN_TIMEOUT, () -> inspection.of(listed.id()));
    } catch (BackupException e) {
      if (e.kind() != Kind.TIMEOUT && e.kind() != Kind.FAILED) {
        throw e;
      }
      LOG.warn("container {} is left out: {}", listed.name(), e.fact());
      return Optional.empty();
    }
  }

  /** See {@link DockerEngine#listed}. */
  List<Container> listed(Inspection inspection) throws IOException {
    List<Container> containers = new ArrayList<>();
    for (var raw : raw()) {
      if (raw.getMounts() == null) {
        inspection.of(raw.getId()).ifPresent(containers::add);
      } else {
        containers.add(Inspected.listed(raw));
      }
    }
    return containers;
  }

  private List<com.github.dockerjava.api.model.Container> raw() throws BackupException {
    return failure
        .call("list containers", "", () -> client.listContainersCmd().withShowAll(true).exec())
        .stream()
        .filter(raw -> !HelperContainers.isOurs(raw))
        .toList();
  }
}
