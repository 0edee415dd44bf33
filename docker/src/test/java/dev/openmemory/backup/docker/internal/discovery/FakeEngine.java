package dev.openmemory.backup.docker.internal.discovery;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.Installation.Part;
import dev.openmemory.backup.docker.Discovery;
import dev.openmemory.backup.docker.DockerOptions;
import dev.openmemory.backup.docker.internal.engine.Container;
import dev.openmemory.backup.docker.internal.engine.Volume;
import dev.openmemory.backup.docker.internal.host.HostPaths;
import dev.openmemory.backup.internal.config.ConfigDocument;
import dev.openmemory.backup.internal.config.EnvironmentFile;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** An engine and a host that exist in a test only. */
final class FakeEngine {
  static final Path HOME = Path.of("/srv/openmemory");

  private final List<Container> containers = new ArrayList<>();
  private final List<Volume> volumes = new ArrayList<>();
  private final Set<Path> files = new HashSet<>();
  private final Map<Path, String> texts = new HashMap<>();
  private final Map<String, String> environment = new HashMap<>();
  private final Map<Path, EnvironmentFile> variables = new HashMap<>();
  private final Map<Path, ConfigDocument> settings = new HashMap<>();
  private final Map<String, String> contained = new HashMap<>();
  private HostPaths paths = new HostPaths.Same();

  static String mountpoint(String volume) {
    return "/var/lib/docker/volumes/" + volume + "/_data";
  }

  FakeEngine with(FakeContainer... more) {
    for (FakeContainer container : more) {
      containers.add(container.made());
    }
    return this;
  }

  FakeEngine volume(String name) {
    return volume(name, Map.of(), Map.of());
  }

  FakeEngine volume(String project, String key) {
    return volume(
        project + "_" + key,
        Map.of(DiscoveryInput.PROJECT_LABEL, project, DiscoveryInput.VOLUME_LABEL, key),
        Map.of());
  }

  FakeEngine volume(String name, Map<String, String> labels, Map<String, String> options) {
    volumes.add(new Volume(name, "local", mountpoint(name), labels, options));
    return this;
  }

  FakeEngine file(String path) {
    files.add(Path.of(path));
    return this;
  }

  FakeEngine file(String path, String text) {
    texts.put(Path.of(path), text);
    return file(path);
  }

  /** A variable of this process. */
  FakeEngine exported(String name, String value) {
    environment.put(name, value);
    return this;
  }

  /** A {@code .env} with the variable. */
  FakeEngine variable(String path, String name, String value) {
    variables.put(Path.of(path), new EnvironmentFile(Map.of(name, value), Set.of()));
    return this;
  }

  /** The vector store that the row in the database names. */
  FakeEngine settings(String database, String vectorStore) {
    String json = "{\"mem0\": {\"vector_store\": " + vectorStore + "}}";
    settings.put(Path.of(database), ConfigDocument.parse(json.getBytes(StandardCharsets.UTF_8)));
    return this;
  }

  /** A file that only containers can reach. */
  FakeEngine contained(String path, String text) {
    contained.put(path, text);
    return this;
  }

  FakeEngine elsewhere() {
    paths = new HostPaths.Apart(false);
    return this;
  }

  /** Where this program runs in that container of it. */
  FakeEngine from(FakeContainer own) {
    paths = new HostPaths.Mounted(own.made());
    return with(own);
  }

  FakeEngine ofDesktop() {
    paths = new HostPaths.Apart(true);
    return this;
  }

  Discovery find(DockerOptions options) throws BackupException {
    return find(HOME, options);
  }

  Discovery find(Path home, DockerOptions options) throws BackupException {
    DiscoveryInput input =
        new DiscoveryInput(
            home,
            options,
            "unix:///test.sock",
            containers,
            volumes,
            paths,
            new FilesOfTest(files, texts, variables, settings),
            (container, path) ->
                Optional.ofNullable(contained.get(path))
                    .map(text -> new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8))),
            environment);
    return new InstallationSearch(input).find();
  }

  static Part part(Discovery found, String type) {
    return found.installation().parts().stream()
        .filter(p -> p.type().equals(type))
        .findFirst()
        .orElseThrow(() -> new AssertionError(found.installation().parts().toString()));
  }

  private record FilesOfTest(
      Set<Path> files,
      Map<Path, String> texts,
      Map<Path, EnvironmentFile> variables,
      Map<Path, ConfigDocument> settings)
      implements HostFiles {
    @Override
    public Optional<String> text(Path file) {
      return Optional.ofNullable(texts.get(file));
    }

    @Override
    public Optional<EnvironmentFile> variables(Path file) {
      return Optional.ofNullable(variables.get(file));
    }

    @Override
    public Optional<ConfigDocument> settings(Path database) {
      return Optional.ofNullable(settings.get(database));
    }

    @Override
    public boolean exists(Path path) {
      return files.stream().anyMatch(f -> f.startsWith(path));
    }

    @Override
    public boolean isDirectory(Path path) {
      return !files.contains(path) && exists(path);
    }

    @Override
    public boolean isOpen(Path file) {
      return files.contains(file);
    }

    @Override
    public Path real(Path path) {
      return path.startsWith("/link")
          ? Path.of("/srv").resolve(Path.of("/link").relativize(path))
          : path;
    }
  }
}
