package dev.openmemory.backup.docker.internal.discovery;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.Installation.Part;
import dev.openmemory.backup.docker.Discovery;
import dev.openmemory.backup.docker.DockerOptions;
import dev.openmemory.backup.docker.internal.engine.Container;
import dev.openmemory.backup.docker.internal.engine.Volume;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** An engine and a host that exist in a test only. */
final class FakeEngine {
  static final Path HOME = Path.of("/srv/openmemory");

  private final List<Container> containers = new ArrayList<>();
  private final List<Volume> volumes = new ArrayList<>();
  private final Set<Path> files = new HashSet<>();
  private boolean isThisHost = true;
  private boolean sharesPaths = true;

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

  FakeEngine elsewhere() {
    isThisHost = false;
    sharesPaths = false;
    return this;
  }

  FakeEngine ofDesktop() {
    isThisHost = false;
    return this;
  }

  Discovery find(DockerOptions options) throws BackupException {
    return find(HOME, options);
  }

  Discovery find(Path home, DockerOptions options) throws BackupException {
    DiscoveryInput scene =
        new DiscoveryInput(
            home,
            options,
            "unix:///test.sock",
            containers,
            volumes,
            isThisHost,
            sharesPaths,
            new FilesOfTest(files));
    return new InstallationSearch(scene).find();
  }

  static Part part(Discovery found, String type) {
    return found.installation().parts().stream()
        .filter(p -> p.type().equals(type))
        .findFirst()
        .orElseThrow(() -> new AssertionError(found.installation().parts().toString()));
  }

  private record FilesOfTest(Set<Path> files) implements HostFiles {
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
