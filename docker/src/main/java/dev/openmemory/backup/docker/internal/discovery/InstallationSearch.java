package dev.openmemory.backup.docker.internal.discovery;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Installation;
import dev.openmemory.backup.Installation.Part;
import dev.openmemory.backup.Manifest.Component;
import dev.openmemory.backup.docker.Discovery;
import dev.openmemory.backup.docker.Discovery.ContainerRow;
import dev.openmemory.backup.docker.Discovery.Finding;
import dev.openmemory.backup.docker.DockerOptions;
import dev.openmemory.backup.docker.internal.engine.Container;
import dev.openmemory.backup.docker.internal.engine.Volume;
import dev.openmemory.backup.docker.internal.host.HostPaths;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Puts the answers of the single searches together. */
public final class InstallationSearch {
  private final DiscoveryInput input;
  private final DockerOptions options;

  /** Searches in what was found. */
  public InstallationSearch(DiscoveryInput input) {
    this.input = input;
    this.options = input.options();
  }

  /**
   * Finds the installation.
   *
   * @throws BackupException of kind {@code INVALID} when several are possible, {@code NOT_FOUND}
   *     when there is no container of the name that was given, {@code UNSUPPORTED} when the
   *     database is not SQLite
   */
  public Discovery find() throws BackupException {
    Optional<InstallationContainers> containers = new ContainerSearch(input).find();
    if (containers.isPresent()) {
      return inContainers(containers.get());
    }
    return volumesAreLeft()
        ? inContainers(InstallationContainers.none(input.project().name()))
        : PlainLayout.of(
            input.home(), options, input.files(), "no container belongs to " + input.home());
  }

  /** Whether the vectors are, or will be, in a volume although there is no container. */
  private boolean volumesAreLeft() throws BackupException {
    if (options.volume().isPresent()) {
      return true;
    }
    if (!options.wants(Component.VECTORS)
        || options.storagePath().isPresent()
        || input.files().isDirectory(input.home().resolve("qdrant-storage"))) {
      return false;
    }
    Optional<Volume> left = new VolumeChoice(input.volumes(), input.project().name()).vectors();
    if (left.isPresent()) {
      requireNotOfAnotherInstallation(left.get());
    }
    return left.isPresent() || input.project().exists();
  }

  /** Folders of the same name have the same default project; their data must not be mixed up. */
  private void requireNotOfAnotherInstallation(Volume volume) throws BackupException {
    Optional<Container> holder =
        input.containers().stream()
            .filter(c -> c.mounts().stream().anyMatch(m -> m.volume().equals(volume.name())))
            .findFirst();
    if (holder.isPresent()) {
      throw Kind.INVALID.failure(
          ContainerSearch.OPERATION,
          input.home().toString(),
          "by its name the volume "
              + volume.name()
              + " belongs to it, but it is used by container "
              + holder.get().name()
              + ", which was not started from there; confirm it with --project or --volume");
    }
  }

  private Discovery inContainers(InstallationContainers all) throws BackupException {
    Variables variables =
        all.apis().isEmpty()
            ? SettingsSearch.variables(input.home(), input.files())
            : SettingsSearch.variables(all.apis().get(0), input);
    FileSearch files = new FileSearch(input, all, variables);
    Optional<FoundPart> database = database(files);
    StoreSetting setting = store(all, database, variables);
    InstallationContainers containers = setting.address().map(all::withStoreAt).orElse(all);
    FoundPart vectors = new VectorsSearch(input, containers, setting).find();
    List<FoundPart> found = new ArrayList<>();
    database.ifPresent(found::add);
    found.add(files.config());
    found.add(vectors);
    List<ContainerLocation> data = found.stream().flatMap(f -> f.at().stream()).toList();
    List<Part> parts = found.stream().flatMap(f -> f.part().stream()).toList();
    Installation.Writers writers = new WriterOrder(input, containers, data).writers().orElse(null);
    return new Discovery(
        writers == null
            ? new Installation(input.home(), parts)
            : new Installation(input.home(), parts).withWriters(writers),
        findings(containers, found),
        new MountWarnings(input, containers, database, vectors).all(),
        Optional.empty(),
        rows(containers));
  }

  private StoreSetting store(
      InstallationContainers containers, Optional<FoundPart> database, Variables variables)
      throws BackupException {
    Optional<Part> part = database.flatMap(FoundPart::part);
    StoreSetting said =
        part.isPresent() && options.wants(Component.VECTORS)
            ? SettingsSearch.store(part.get(), variables, input)
            : StoreSetting.of(Optional.empty(), variables);
    return said.isQdrant() ? said.in(containers.all()) : said;
  }

  /** An unwanted part may be of a kind that we cannot handle. */
  private Optional<FoundPart> database(FileSearch files) throws BackupException {
    try {
      return Optional.of(files.database());
    } catch (BackupException e) {
      if (options.wants(Component.DATABASE)) {
        throw e;
      }
      return Optional.empty();
    }
  }

  private List<Finding> findings(InstallationContainers containers, List<FoundPart> found) {
    List<Finding> findings = new ArrayList<>();
    containers.why().ifPresent(findings::add);
    found.forEach(f -> findings.add(f.finding()));
    containers.apis().stream().findFirst().map(this::history).ifPresent(findings::add);
    whereItIs().ifPresent(findings::add);
    return findings;
  }

  private Optional<Finding> whereItIs() {
    if (input.paths() instanceof HostPaths.Mounted inside) {
      return Optional.of(
          new Finding(
              "engine",
              "this program runs in its container " + inside.own().name(),
              "what is mounted there is used in place, all else through the engine"));
    }
    return input.paths() instanceof HostPaths.Apart
        ? Optional.of(
            new Finding(
                "engine",
                "another kernel than that of this host",
                "files of its containers are read and written through the engine, never in place"))
        : Optional.empty();
  }

  private Finding history(Container api) {
    boolean moved = api.environment().containsKey("MEM0_DIR");
    return new Finding(
        "history",
        "history.db of mem0 in container " + api.name(),
        (moved ? "MEM0_DIR says where" : "in .mem0 of its user's home")
            + "; it is a log of changes, and is not backed up");
  }

  private static List<ContainerRow> rows(InstallationContainers containers) {
    return containers.all().stream()
        .sorted(Comparator.comparing((Container c) -> Role.of(c)).thenComparing(Container::name))
        .map(c -> new ContainerRow(c.name(), Role.of(c).text(), c.state(), c.image()))
        .toList();
  }
}
