package dev.openmemory.backup.docker.internal.discovery;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.docker.Discovery.Finding;
import dev.openmemory.backup.docker.DockerOptions;
import dev.openmemory.backup.docker.internal.engine.Container;
import dev.openmemory.backup.docker.internal.engine.Mount;
import dev.openmemory.backup.docker.internal.host.HostPaths;
import dev.openmemory.backup.internal.text.NearNames;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

/** Which containers are those of the installation. */
final class ContainerSearch {
  static final String OPERATION = "find OpenMemory";

  /** Where older Docker Desktops show the folders of their host. */
  private static final String DESKTOP_PREFIX = "/host_mnt";

  private final DiscoveryInput input;
  private final DockerOptions options;

  /** As the engine's host calls it. */
  private final Optional<Path> home;

  ContainerSearch(DiscoveryInput input) {
    this.input = input;
    this.options = input.options();
    this.home =
        input
            .paths()
            .onHost(input.files().real(input.home()))
            .map(this::withoutDesktopPrefix)
            .map(Path::of);
  }

  /** The containers; empty when none is known to belong to the home. */
  Optional<InstallationContainers> find() throws BackupException {
    Optional<Container> named = named();
    if (options.project().isPresent()) {
      return ofProject(options.project().get(), named);
    }
    if (named.isPresent() && hasApi(group(named.get()))) {
      return Optional.of(installation(group(named.get()), named, "container", "named by the user"));
    }
    List<Container> ofHome = input.containers().stream().filter(this::isOfHome).toList();
    if (!ofHome.isEmpty()) {
      return Optional.of(ofHome(ofHome, named));
    }
    if (named.isPresent()) {
      return Optional.of(installation(group(named.get()), named, "container", "named by the user"));
    }
    Optional<InstallationContainers> byVolume = byVolume();
    return byVolume.isPresent() || input.homeIsAnInstallation() ? byVolume : theOnlyOne();
  }

  private Optional<Container> named() throws BackupException {
    if (options.container().isEmpty()) {
      return Optional.empty();
    }
    String wanted = options.container().get();
    Optional<Container> found =
        first(c -> c.name().equals(wanted) || c.id().equals(wanted))
            .or(() -> first(c -> wanted.length() >= 4 && c.id().startsWith(wanted)));
    if (found.isEmpty()) {
      List<String> near =
          NearNames.of(wanted, input.containers().stream().map(Container::name).toList());
      throw Kind.NOT_FOUND.failure(
          "find container",
          wanted,
          near.isEmpty()
              ? "there is no such container"
              : "there is no such container; there is " + String.join(", ", near));
    }
    return found;
  }

  private Optional<Container> first(Predicate<Container> condition) {
    return input.containers().stream().filter(condition).findFirst();
  }

  /** All containers may have been removed: then the project's volumes are left. */
  private Optional<InstallationContainers> ofProject(String project, Optional<Container> named) {
    List<Container> all =
        input.containers().stream().filter(c -> DiscoveryInput.project(c).equals(project)).toList();
    return Optional.of(
        InstallationContainers.of(
            project, with(all, named), named, Optional.of(reason(project, "named by the user"))));
  }

  private InstallationContainers ofHome(List<Container> matching, Optional<Container> named)
      throws BackupException {
    Map<String, List<Container>> byProject = byProject(matching);
    if (byProject.size() > 1) {
      throw ambiguous("several installations are in " + input.home(), byProject);
    }
    List<Container> all = new ArrayList<>(matching);
    group(matching.get(0)).stream().filter(c -> !all.contains(c)).forEach(all::add);
    return installation(
        all, named, "home", "they were started from " + input.home() + " or mount it");
  }

  private boolean isOfHome(Container container) {
    if (isHome(container.label(DiscoveryInput.WORKING_DIR_LABEL))) {
      return true;
    }
    Role role = Role.of(container);
    return input.paths().areShared()
        && (role == Role.API || role == Role.STORE)
        && container.mounts().stream().anyMatch(this::isInHome);
  }

  private boolean isHome(String folder) {
    return !folder.isEmpty()
        && home.filter(h -> real(folder).filter(h::equals).isPresent()).isPresent();
  }

  private boolean isInHome(Mount mount) {
    Optional<Path> source = real(withoutDesktopPrefix(mount.source()));
    return mount.kind() == Mount.Kind.BIND
        && home.filter(h -> source.filter(p -> p.startsWith(h)).isPresent()).isPresent();
  }

  private String withoutDesktopPrefix(String source) {
    return !(input.paths() instanceof HostPaths.Same) && source.startsWith(DESKTOP_PREFIX + "/")
        ? source.substring(DESKTOP_PREFIX.length())
        : source;
  }

  private Optional<Path> real(String path) {
    try {
      // A link of the host cannot be followed from within a container.
      boolean isFollowed = !(input.paths() instanceof HostPaths.Mounted);
      return Optional.of(isFollowed ? input.files().real(Path.of(path)) : Path.of(path));
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }

  private Optional<InstallationContainers> byVolume() {
    if (options.volume().isEmpty()) {
      return Optional.empty();
    }
    String volume = options.volume().get();
    List<Container> holders =
        input.containers().stream()
            .filter(c -> Role.of(c) == Role.STORE)
            .filter(c -> c.mounts().stream().anyMatch(m -> m.volume().equals(volume)))
            .toList();
    return byProject(holders).size() == 1
        ? Optional.of(
            installation(group(holders.get(0)), Optional.empty(), "volume", "they mount " + volume))
        : Optional.empty();
  }

  private Optional<InstallationContainers> theOnlyOne() throws BackupException {
    Map<String, List<Container>> sets = byProject(input.containers());
    sets.values().removeIf(set -> !isOpenMemory(set));
    if (sets.size() > 1) {
      throw ambiguous(
          "there are several, and nothing in " + input.home() + " shows which one belongs to it",
          sets);
    }
    return sets.values().stream()
        .findFirst()
        .map(
            set ->
                installation(
                    set,
                    Optional.empty(),
                    "engine",
                    "nothing belongs to "
                        + input.home()
                        + ", and this is the only OpenMemory here"));
  }

  /** A Qdrant alone, or another program with a database, is none. */
  private static boolean isOpenMemory(List<Container> set) {
    boolean certain =
        set.stream().anyMatch(c -> Role.certain(c).filter(r -> r == Role.API).isPresent());
    return certain || (hasApi(set) && set.stream().anyMatch(c -> Role.of(c) == Role.STORE));
  }

  private static boolean hasApi(List<Container> set) {
    return set.stream().anyMatch(c -> Role.of(c) == Role.API);
  }

  /** The containers of its project; without a project, all that were started by hand. */
  private List<Container> group(Container container) {
    String project = DiscoveryInput.project(container);
    return input.containers().stream()
        .filter(c -> DiscoveryInput.project(c).equals(project))
        .filter(c -> !project.isEmpty() || c.equals(container) || isByHand(c))
        .toList();
  }

  private static boolean isByHand(Container container) {
    return Role.certain(container).isPresent();
  }

  private static Map<String, List<Container>> byProject(List<Container> containers) {
    Map<String, List<Container>> byProject = new TreeMap<>();
    for (Container container : containers) {
      byProject
          .computeIfAbsent(DiscoveryInput.project(container), p -> new ArrayList<>())
          .add(container);
    }
    return byProject;
  }

  private InstallationContainers installation(
      List<Container> all, Optional<Container> named, String by, String why) {
    String project =
        all.stream()
            .map(DiscoveryInput::project)
            .filter(p -> !p.isEmpty())
            .findFirst()
            .orElseGet(() -> input.project().ofFolder());
    return InstallationContainers.of(
        project, with(all, named), named, Optional.of(reason(project, "by " + by + ": " + why)));
  }

  private static List<Container> with(List<Container> all, Optional<Container> named) {
    List<Container> more = new ArrayList<>(all);
    named.filter(c -> !more.contains(c)).ifPresent(more::add);
    return more;
  }

  private static Finding reason(String project, String why) {
    return new Finding("installation", "project " + project, why);
  }

  private static BackupException ambiguous(String what, Map<String, List<Container>> sets) {
    List<String> names =
        sets.entrySet().stream()
            .map(e -> e.getKey().isEmpty() ? "(" + e.getValue().get(0).name() + ")" : e.getKey())
            .toList();
    return Kind.INVALID.failure(
        OPERATION,
        "",
        what + ": the projects " + String.join(", ", names) + "; --project names one");
  }
}
