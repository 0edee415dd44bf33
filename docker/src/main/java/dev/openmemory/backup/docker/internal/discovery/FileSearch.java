package dev.openmemory.backup.docker.internal.discovery;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.Installation.Part;
import dev.openmemory.backup.Manifest.Component;
import dev.openmemory.backup.docker.Discovery.Finding;
import dev.openmemory.backup.docker.internal.engine.Container;
import dev.openmemory.backup.docker.internal.engine.Volume;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Where the database and the configuration of the API are. */
final class FileSearch {
  private static final String DATABASE_FILE = "openmemory.db";

  private final DiscoveryInput scene;
  private final InstallationContainers members;
  private final Variables variables;

  FileSearch(DiscoveryInput scene, InstallationContainers members, Variables variables) {
    this.scene = scene;
    this.members = members;
    this.variables = variables;
  }

  FoundPart database() throws BackupException {
    if (scene.options().database().isPresent()) {
      return PlainLayout.database(scene.options().database().get(), PlainLayout.SAID);
    }
    if (members.apis().isEmpty()) {
      return databaseWithoutApi();
    }
    Container api = members.apis().get(0);
    DatabaseUrl url = DatabaseUrl.of(variables);
    return inApi(Kind.DATABASE, api, url.path(), url.why());
  }

  FoundPart config() {
    if (scene.options().configJson().isPresent()) {
      return PlainLayout.config(scene.options().configJson().get(), PlainLayout.SAID);
    }
    if (members.apis().isEmpty()) {
      return PlainLayout.config(inHome("config.json"), "there is no container of the API");
    }
    Container api = members.apis().get(0);
    return inApi(Kind.CONFIG, api, "config.json", "the API reads it in its working directory");
  }

  private FoundPart inApi(Kind kind, Container api, String path, String why) {
    String absolute = ContainerPaths.resolve(api.workingDirectory(), path);
    ContainerLocation at = ContainerLocation.of(api, absolute);
    // The log of a single mounted file is beside it in the container only.
    boolean alone = kind == Kind.DATABASE && at.isMountedAlone();
    Optional<Path> open = alone ? Optional.empty() : onThisHost(at);
    Finding finding =
        new Finding(
            kind.component,
            open.map(p -> p + " (" + at.describe() + ")")
                .filter(text -> at.volume().isPresent())
                .orElseGet(at::describe),
            why
                + "; "
                + at.why()
                + (open.isPresent() ? "; used directly" : "; used through the engine"));
    Part part =
        open.map(p -> new Part(kind.type, Map.of("path", p.toString()), kind.optional))
            .orElseGet(() -> throughTheEngine(kind, api, absolute));
    return FoundPart.of(part, finding, at);
  }

  private Optional<Path> onThisHost(ContainerLocation at) {
    return at.onHost()
        .filter(p -> at.volume().flatMap(scene::volume).map(Volume::isPlain).orElse(true))
        .filter(p -> scene.isThisHost() && scene.files().isOpen(p));
  }

  private Part throughTheEngine(Kind kind, Container api, String path) {
    return new Part(
        kind.type + "-container",
        Map.of(
            "engine", scene.engine(),
            "container", api.name(),
            "path", path,
            "work", scene.workFolder()),
        kind.optional);
  }

  private FoundPart databaseWithoutApi() throws BackupException {
    DatabaseUrl url = DatabaseUrl.of(variables);
    Path file = url.onHost(scene.home());
    Optional<Volume> volume =
        new VolumeChoice(scene.volumes(), members.project())
            .database()
            .filter(v -> url.isDefault() && !scene.files().exists(file));
    Optional<Path> inVolume =
        volume
            .filter(Volume::isPlain)
            .map(v -> Path.of(v.mountpoint(), DATABASE_FILE))
            .filter(p -> scene.isThisHost() && scene.files().isOpen(p));
    if (inVolume.isPresent()) {
      return PlainLayout.database(
          inVolume.get(), "no container of the API; it is in volume " + volume.get().name());
    }
    return PlainLayout.database(
        file,
        volume
            .map(v -> "no container of the API, and its volume " + v.name() + " is out of reach")
            .orElse("there is no container of the API; " + url.why()));
  }

  private Path inHome(String name) {
    return scene.home().resolve("api").resolve(name);
  }

  private enum Kind {
    DATABASE(Component.DATABASE, "sqlite", false),
    CONFIG(Component.CONFIG, "config", true);

    private final String component;
    private final String type;
    private final boolean optional;

    Kind(String component, String type, boolean optional) {
      this.component = component;
      this.type = type;
      this.optional = optional;
    }
  }
}
