package dev.openmemory.backup.docker.internal.discovery;

import dev.openmemory.backup.Warning;
import dev.openmemory.backup.docker.internal.engine.Container;
import dev.openmemory.backup.docker.internal.engine.Volume;
import dev.openmemory.backup.docker.internal.vectors.LayerWarning;
import dev.openmemory.backup.docker.internal.vectors.NearVolumes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** What is mounted so that memories are lost, or vectors lost or damaged. */
record MountWarnings(
    DiscoveryInput input,
    InstallationContainers containers,
    Optional<FoundPart> database,
    FoundPart vectors) {
  List<Warning> all() {
    List<Warning> warnings = new ArrayList<>();
    database
        .flatMap(FoundPart::at)
        .flatMap(MountWarnings::databaseInLayer)
        .ifPresent(warnings::add);
    if (input.options().storagePath().isEmpty()) {
      containers.store().flatMap(MountWarnings::vectorsInLayer).ifPresent(warnings::add);
    }
    Optional<String> volume = vectors.part().map(p -> p.options().get("volume"));
    volume.flatMap(this::missing).ifPresent(warnings::add);
    volume.flatMap(input::volume).flatMap(MountWarnings::onNetwork).ifPresent(warnings::add);
    volume.flatMap(this::shared).ifPresent(warnings::add);
    homeInLayer().ifPresent(warnings::add);
    return warnings;
  }

  /** A run that is killed leaves there which containers it has paused. */
  private Optional<Warning> homeInLayer() {
    return input.homeOnHost().isPresent()
        ? Optional.empty()
        : Optional.of(
            new Warning(
                "home-in-container-layer",
                "the home "
                    + input.home()
                    + " is in the own layer of the container that this program runs in. What is"
                    + " needed after a crash is lost when that container is removed. Mount the"
                    + " OpenMemory folder there"));
  }

  private static Optional<Warning> databaseInLayer(ContainerLocation database) {
    return database.mount().isPresent()
        ? Optional.empty()
        : Optional.of(
            new Warning(
                "database-in-container-layer",
                "the database is in the own layer of container "
                    + database.container().name()
                    + ", at "
                    + database.path()
                    + ". All memories are lost when the container is removed (docker compose down,"
                    + " a new image). After this backup, mount a folder or a volume where the"
                    + " database is, re-create the container and restore"));
  }

  private static Optional<Warning> vectorsInLayer(Container store) {
    ContainerLocation at = VectorsSearch.storage(store);
    return at.mount().isPresent()
        ? Optional.empty()
        : Optional.of(LayerWarning.of(store, at.path()));
  }

  private Optional<Warning> missing(String volume) {
    return input.volume(volume).isPresent()
        ? Optional.empty()
        : Optional.of(
            new Warning(
                "volume-missing",
                "volume "
                    + volume
                    + " does not exist; "
                    + NearVolumes.describe(volume, input.volumes())));
  }

  private static Optional<Warning> onNetwork(Volume volume) {
    String type = volume.options().getOrDefault("type", "").toLowerCase(Locale.ROOT);
    return type.startsWith("nfs") || type.equals("cifs") || type.equals("smb3")
        ? Optional.of(
            new Warning(
                "volume-on-network",
                "volume "
                    + volume.name()
                    + " is on a network file system ("
                    + type
                    + "), which Qdrant does not support"))
        : Optional.empty();
  }

  private Optional<Warning> shared(String volume) {
    String others =
        input.containers().stream()
            .filter(c -> containers.store().filter(c::equals).isEmpty())
            .filter(c -> c.runs() || c.isPaused())
            .filter(
                c -> c.mounts().stream().anyMatch(m -> m.writable() && m.volume().equals(volume)))
            .map(Container::name)
            .sorted()
            .collect(Collectors.joining(", "));
    return others.isEmpty() || containers.store().isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Warning(
                "volume-shared",
                "volume " + volume + " of Qdrant is mounted writable by " + others + " too"));
  }
}
