package dev.openmemory.backup.docker.internal.discovery;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Installation.Part;
import dev.openmemory.backup.Installation.Snapshots;
import dev.openmemory.backup.Manifest.Component;
import dev.openmemory.backup.docker.Discovery.Finding;
import dev.openmemory.backup.docker.DockerOptions;
import dev.openmemory.backup.docker.internal.engine.Container;
import dev.openmemory.backup.docker.internal.engine.Mount;
import dev.openmemory.backup.docker.internal.engine.Volume;
import dev.openmemory.backup.docker.internal.host.StoreUrls;
import java.net.URI;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Where Qdrant keeps the vectors. */
final class VectorsSearch {
  private static final String COMPONENT = Component.VECTORS;
  private static final String HOME_OF_QDRANT = "/qdrant";
  private static final String STORAGE_VARIABLE = "QDRANT__STORAGE__STORAGE_PATH";

  private final DiscoveryInput input;
  private final InstallationContainers containers;
  private final StoreSetting setting;

  VectorsSearch(DiscoveryInput input, InstallationContainers containers, StoreSetting setting) {
    this.input = input;
    this.containers = containers;
    this.setting = setting;
  }

  FoundPart find() throws BackupException {
    if (!namesPlace() && !setting.isQdrant()) {
      if (input.options().wants(COMPONENT)) {
        throw setting.unsupported(input.home().toString());
      }
      return outOfReach("a store that is not Qdrant", setting);
    }
    if (input.options().snapshots().isPresent()) {
      return snapshots(input.options().snapshots().get());
    }
    if (input.options().storagePath().isPresent()) {
      return directory(input.options().storagePath().get());
    }
    if (input.options().volume().isPresent()) {
      return namedVolume(input.options().volume().get());
    }
    if (containers.storeElsewhere()) {
      return outOfReach(
          "a Qdrant that is no container of project " + containers.project(), setting);
    }
    Optional<Container> store = containers.store();
    Optional<StoreSetting> other = store.flatMap(StoreSetting::ofImage);
    if (other.isPresent()) {
      throw other.get().unsupported(input.home().toString());
    }
    return store.map(this::inContainer).orElseGet(this::leftVolume);
  }

  private FoundPart snapshots(Snapshots said) throws BackupException {
    if (!said.urls().isEmpty()) {
      return PlainLayout.snapshots(input.home(), said, PlainLayout.SAID);
    }
    Container store = containers.store().orElseThrow(this::noAddress);
    URI url =
        StoreUrls.of(store, "localhost", input.paths()).stream()
            .filter(address -> input.paths().areShared())
            .findFirst()
            .orElseThrow(this::noAddress);
    Snapshots there =
        new Snapshots(
            List.of(url), said.apiKeyFile(), said.replaceCollections(), said.anyVersion());
    return PlainLayout.snapshots(
        input.home(), there, "container " + store.name() + " serves there");
  }

  private BackupException noAddress() {
    Optional<Container> stopped = containers.store().filter(store -> !store.runs());
    if (stopped.isPresent()) {
      return Kind.UNAVAILABLE.failure(
          ContainerSearch.OPERATION,
          input.home().toString(),
          "Qdrant's container " + stopped.get().name() + " is not running");
    }
    return Kind.INVALID.failure(
        ContainerSearch.OPERATION,
        input.home().toString(),
        "the address of Qdrant is unknown; give it with --qdrant-url");
  }

  /** The directory that Qdrant writes to, as its container sees it. */
  static ContainerLocation storage(Container store) {
    String set = store.environment().getOrDefault(STORAGE_VARIABLE, "").strip();
    String folder =
        store.workingDirectory().isEmpty() || store.workingDirectory().equals("/")
            ? HOME_OF_QDRANT
            : store.workingDirectory();
    return ContainerLocation.of(
        store, ContainerPaths.resolve(folder, set.isEmpty() ? "./storage" : set));
  }

  /** Its lock says nothing while we have paused the programs that take it. */
  private FoundPart directory(Path directory) {
    FoundPart plain = PlainLayout.storage(directory, PlainLayout.SAID);
    Path real = input.files().real(directory.toAbsolutePath().normalize());
    Optional<ContainerLocation> ofStore =
        containers.store().map(VectorsSearch::storage).filter(at -> isHere(at, real));
    if (ofStore.isEmpty()) {
      return plain;
    }
    String path = directory.toAbsolutePath().normalize().toString();
    return FoundPart.of(
        new Part("directory", Map.of("path", path, "allow-live", "true"), false),
        plain.finding(),
        ofStore.get());
  }

  private boolean isHere(ContainerLocation at, Path directory) {
    return at.onHost()
        .flatMap(input.paths()::here)
        .map(input.files()::real)
        .filter(directory::equals)
        .isPresent();
  }

  private FoundPart namedVolume(String volume) {
    Optional<Mount> mount =
        containers.store().stream()
            .flatMap(c -> c.mounts().stream())
            .filter(m -> m.volume().equals(volume))
            .findFirst();
    if (mount.isEmpty()) {
      return FoundPart.of(
          part(Map.of("volume", volume)), finding("volume " + volume, "named by the user"));
    }
    Container store = containers.store().orElseThrow();
    ContainerLocation at = ContainerLocation.of(store, mount.get().destination());
    return FoundPart.of(
        part(Map.of("volume", volume, "container", store.name(), "path", at.path())),
        finding("volume " + volume, "named by the user; " + at.why()),
        at);
  }

  private FoundPart inContainer(Container store) {
    ContainerLocation at = storage(store);
    Map<String, String> options = new LinkedHashMap<>();
    options.put("container", store.name());
    options.put("path", at.path());
    at.wholeVolume().ifPresent(volume -> options.put("volume", volume));
    boolean isSet = !store.environment().getOrDefault(STORAGE_VARIABLE, "").isBlank();
    String said = isSet ? STORAGE_VARIABLE + " says so" : STORAGE_VARIABLE + " is not set";
    return FoundPart.of(
        part(options),
        finding(
            at.describe(),
            "Qdrant writes to "
                + at.path()
                + " ("
                + said
                + "); "
                + at.why()
                + "; "
                + setting.why()),
        at);
  }

  /** The containers were removed and the volume is left, or is yet to be made. */
  private FoundPart leftVolume() {
    VolumeChoice choice = new VolumeChoice(input.volumes(), containers.project());
    Optional<Volume> left = choice.vectors();
    String name = left.map(Volume::name).orElseGet(choice::nameForVectors);
    return FoundPart.of(
        part(Map.of("volume", name)),
        finding(
            "volume " + name,
            "no container of Qdrant in project "
                + containers.project()
                + (left.isPresent()
                    ? ", which this volume belongs to"
                    : "; Compose gives its volume this name")));
  }

  /** What a person says wins over the settings. */
  private boolean namesPlace() {
    DockerOptions options = input.options();
    return options.snapshots().filter(said -> !said.urls().isEmpty()).isPresent()
        || options.storagePath().isPresent()
        || options.volume().isPresent()
        || containers.storeIsNamed();
  }

  static FoundPart outOfReach(String place, StoreSetting setting) {
    return new FoundPart(
        Optional.empty(),
        finding(
            place,
            setting.source()
                + " names it; its vectors cannot be backed up from"
                + " here unless --container, --volume, --storage-path or --qdrant-url names them"),
        Optional.empty());
  }

  private Part part(Map<String, String> specific) {
    Map<String, String> options = new LinkedHashMap<>(specific);
    options.put("engine", input.engine());
    options.put("work", input.workFolder());
    options.put("project", containers.project());
    input.keyFile().ifPresent(file -> options.put("api-key-file", file));
    return new Part("qdrant-volume", options, false);
  }

  private static Finding finding(String place, String why) {
    return new Finding(COMPONENT, place, why);
  }
}
