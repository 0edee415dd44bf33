package dev.openmemory.backup.benchmarks.docker;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;

/** An image with the tar and gzip of Alpine, made of a program of this host: nothing is pulled. */
record BusyboxImage(DockerCommand docker, String name) implements Closeable {
  static BusyboxImage create(DockerCommand docker, Path work)
      throws IOException, InterruptedException {
    Path programs = Files.createDirectories(work.resolve("image/bin"));
    Files.copy(program(), programs.resolve("busybox"));
    for (String applet : List.of("sh", "tar", "gzip")) {
      Files.createSymbolicLink(programs.resolve(applet), Path.of("busybox"));
    }
    String archive = work.resolve("image.tar").toString();
    DockerCommand.execute(
        List.of("busybox", "tar", "cf", archive, "-C", work.resolve("image").toString(), "."));
    String name = "openmemory-benchmark:" + UUID.randomUUID();
    docker.run("import", archive, name);
    return new BusyboxImage(docker, name);
  }

  /** Whether its programs start: a busybox that needs shared libraries does not. */
  boolean isRunnable() throws InterruptedException {
    try {
      docker.run("run", "--rm", "--network", "none", name, "sh", "-c", "exit 0");
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static Path program() throws IOException, InterruptedException {
    return Path.of(DockerCommand.execute(List.of("sh", "-c", "command -v busybox")));
  }

  @Override
  public void close() throws IOException {
    Cleanup.run(() -> docker.run("rmi", "--force", name));
  }
}
