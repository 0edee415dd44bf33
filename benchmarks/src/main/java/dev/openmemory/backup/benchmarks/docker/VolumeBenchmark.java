package dev.openmemory.backup.benchmarks.docker;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.benchmarks.process.Folder;
import dev.openmemory.backup.benchmarks.process.Programs;
import dev.openmemory.backup.benchmarks.report.Output;
import dev.openmemory.backup.docker.Discovery;
import dev.openmemory.backup.docker.DockerDiscovery;
import dev.openmemory.backup.docker.DockerOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Our backup of a volume to a local target against the archive endpoint of the engine and against
 * the guide's {@code docker run ... tar czf}. Needs an engine on this host, the right to write to
 * its volumes, and a static busybox.
 */
public final class VolumeBenchmark {
  private static final String SOCKET = "unix://";

  private VolumeBenchmark() {}

  public static void run(boolean quick) throws Exception {
    long mebibytes = quick ? 128 : 2048;
    Output.line("Volume of %d MiB like Qdrant's to a local target, in the page cache", mebibytes);
    if (!Programs.isInstalled("docker") || !Programs.isInstalled("busybox")) {
      skip("docker and busybox are not both installed");
      return;
    }
    Optional<String> engine = engine();
    if (engine.isPresent()) {
      measure(engine.get(), mebibytes << 20);
    }
  }

  /** The address of the one that answers on a socket of this host. */
  private static Optional<String> engine() throws IOException {
    try {
      DockerOptions options = DockerOptions.NONE.withProject("openmemory-benchmark");
      Optional<String> found =
          DockerDiscovery.find(Path.of(""), options, System.getenv())
              .engine()
              .map(Discovery.Engine::endpoint)
              .filter(uri -> uri.startsWith(SOCKET));
      if (found.isEmpty()) {
        skip("the engine does not listen on a socket of this host");
      }
      return found;
    } catch (BackupException e) {
      skip("no Docker engine answers: " + e.getMessage());
      return Optional.empty();
    }
  }

  private static void measure(String engine, long size) throws Exception {
    DockerCommand docker = new DockerCommand(engine);
    try (Folder work = Folder.create();
        QdrantVolume volume = QdrantVolume.create(docker)) {
      if (!volume.isAccessible()) {
        skip("volumes of this engine can only be written to by root");
        return;
      }
      try (BusyboxImage image = BusyboxImage.create(docker, work.path())) {
        if (!image.isRunnable()) {
          skip("busybox does not run in a container; it has to be a static one");
          return;
        }
        QdrantContent.write(volume.mountpoint(), size);
        Path socket = Path.of(engine.substring(SOCKET.length()));
        new VolumeMeasurements(volume, image.name(), socket, volume.apparentBytes()).printAll();
      }
    }
  }

  private static void skip(String why) {
    Output.line("  skipped: %s", why);
  }
}
