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
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Puts the answers of the single searches together. */
public final class InstallationSearch {
  private final DiscoveryInput scene;
  private final DockerOptions options;

  /** Searches in the scene. */
  public InstallationSearch(DiscoveryInput scene) {
    this.scene = scene;
    this.options = scene.options();
  }

  /**
   * Finds the installation.
   *
   * @throws BackupException of kind {@code INVALID} when several are possible, {@code NOT_FOUND}
   *     when there is no container of the name that was given, {@code UNSUPPORTED} when the
   *     database is not SQLite
   */
  public Discovery find() throws BackupException {
    Optional<InstallationContainers> members = new MemberSearch(scene).find();
    if (members.isPresent()) {
      return inContainers(members.get());
    }
    return volumesAreLeft()
        ? inContainers(InstallationContainers.none(scene.project().name()))
        : PlainLayout.of(
            scene.home(), options, scene.files(), "no container belongs to " + scene.home());
  }

  /** Whether the vectors are, or will be, in a volume although there is no container. */
  private boolean volumesAreLeft() throws BackupException {
    if (options.volume().isPresent()) {
      return true;
    }
    if (!options.wants(Component.VECTORS)
        || options.storagePath().isPresent()
        || scene.files().isDirectory(scene.home().resolve("qdrant-storage"))) {
      return false;
    }
    Optional<Volume> left = new VolumeChoice(scene.volumes(), scene.project().name()).vectors();
    if (left.isPresent()) {
      requireNobodyElses(left.get());
    }
    return left.isPresent() || scene.project().exists();
  }

  /** Folders of the same name have the same default project; their data must not be mixed up. */
  private void requireNobodyElses(Volume volume) throws BackupException {
    Optional<Container> holder =
        scene.containers().stream()
            .filter(c -> c.mounts().stream().anyMatch(m -> m.volume().equals(volume.name())))
            .findFirst();
    if (holder.isPresent()) {
      throw Kind.INVALID.failure(
          MemberSearch.OPERATION,
          scene.home().toString(),
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
            ? SettingsSearch.variables(scene.home(), scene.files())
            : SettingsSearch.variables(all.apis().get(0), scene);
    FileSearch files = new FileSearch(scene, all, variables);
    Optional<FoundPart> database = database(files);
    StoreSetting setting = store(all, database, variables);
    InstallationContainers members = setting.address().map(all::withStoreAt).orElse(all);
    FoundPart vectors = new VectorsSearch(scene, members, setting).find();
    List<FoundPart> found = new ArrayList<>();
    database.ifPresent(found::add);
    found.add(files.config());
    found.add(vectors);
    List<ContainerLocation> data = found.stream().flatMap(f -> f.at().stream()).toList();
    List<Part> parts = found.stream().flatMap(f -> f.part().stream()).toList();
    Installation.Writers writers = new WriterOrder(scene, members, data).writers().orElse(null);
    return new Discovery(
        writers == null
            ? new Installation(scene.home(), parts)
            : new Installation(scene.home(), parts).withWriters(writers),
        findings(members, found),
        new MountWarnings(scene, members, database, vectors).all(),
        Optional.empty(),
        rows(members));
  }

  private StoreSetting store(
      InstallationContainers members, Optional<FoundPart> database, Variables variables)
      throws BackupException {
    Optional<Part> part = database.flatMap(FoundPart::part);
    StoreSetting said =
        part.isPresent() && options.wants(Component.VECTORS)
            ? SettingsSearch.store(part.get(), variables, scene)
            : StoreSetting.of(Optional.empty(), variables);
    return said.isQdrant() ? said.in(members.all()) : said;
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

  private List<Finding> findings(InstallationContainers members, List<FoundPart> found) {
    List<Finding> findings = new ArrayList<>();
    members.why().ifPresent(findings::add);
    found.forEach(f -> findings.add(f.finding()));
    members.apis().stream().findFirst().map(this::history).ifPresent(findings::add);
    if (!scene.isThisHost()) {
      findings.add(
          new Finding(
              "engine",
              "another kernel than that of this host",
              "files of its containers are read and written through the engine, never in place"));
    }
    return findings;
  }

  private Finding history(Container api) {
    boolean moved = api.environment().containsKey("MEM0_DIR");
    return new Finding(
        "history",
        "history.db of mem0 in container " + api.name(),
        (moved ? "MEM0_DIR says where" : "in .mem0 of its user's home")
            + "; it is a log of changes, and is not backed up");
  }

  private static List<ContainerRow> rows(InstallationContainers members) {
    return members.all().stream()
        .sorted(Comparator.comparing((Container c) -> Role.of(c)).thenComparing(Container::name))
        .map(c -> new ContainerRow(c.name(), Role.of(c).text(), c.state(), c.image()))
        .toList();
  }
}
