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

  private final DiscoveryInput input;
  private final InstallationContainers containers;
  private final Variables variables;

  FileSearch(DiscoveryInput input, InstallationContainers containers, Variables variables) {
    this.input = input;
    this.containers = containers;
    this.variables = variables;
  }

  FoundPart database() throws BackupException {
    if (input.options().database().isPresent()) {
      return PlainLayout.database(input.options().database().get(), PlainLayout.SAID);
    }
    if (containers.apis().isEmpty()) {
      return databaseWithoutApi();
    }
    Container api = containers.apis().get(0);
    DatabaseUrl url = DatabaseUrl.of(variables);
    return inApi(Kind.DATABASE, api, url.path(), url.why());
  }

  FoundPart config() {
    if (input.options().configJson().isPresent()) {
      return PlainLayout.config(input.options().configJson().get(), PlainLayout.SAID);
    }
    if (containers.apis().isEmpty()) {
      return PlainLayout.config(inHome("config.json"), "there is no container of the API");
    }
    Container api = containers.apis().get(0);
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
            open.map(Path::toString)
                .filter(text -> !text.equals(at.describe()))
                .map(text -> text + " (" + at.describe() + ")")
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
        .filter(p -> at.volume().flatMap(input::volume).map(Volume::isPlain).orElse(true))
        .flatMap(input.paths()::here)
        .filter(input.files()::isOpen);
  }

  private Part throughTheEngine(Kind kind, Container api, String path) {
    return new Part(
        kind.type + "-container",
        Map.of(
            "engine", input.engine(),
            "container", api.name(),
            "path", path,
            "work", input.workFolder()),
        kind.optional);
  }

  private FoundPart databaseWithoutApi() throws BackupException {
    DatabaseUrl url = DatabaseUrl.of(variables);
    Path file = url.onHost(input.home());
    Optional<Volume> volume =
        new VolumeChoice(input.volumes(), containers.project())
            .database()
            .filter(v -> url.isDefault() && !input.files().exists(file));
    Optional<Path> inVolume =
        volume
            .filter(Volume::isPlain)
            .flatMap(v -> input.paths().here(v.mountpoint() + "/" + DATABASE_FILE))
            .filter(input.files()::isOpen);
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
    return input.home().resolve("api").resolve(name);
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
