package dev.openmemory.backup.benchmarks.docker;

import java.io.Closeable;
import java.io.IOException;

/** A container that mounts a volume and never runs, as the archive endpoint needs it. */
record VolumeHolder(DockerCommand docker, String id) implements Closeable {
  static final String PATH = "/data";

  static VolumeHolder create(DockerCommand docker, String volume, String image)
      throws IOException, InterruptedException {
    String mount = volume + ":" + PATH + ":ro";
    return new VolumeHolder(
        docker, docker.run("create", "--network", "none", "--volume", mount, image, "sh"));
  }

  @Override
  public void close() throws IOException {
    Cleanup.run(() -> docker.run("rm", "--force", id));
  }
}
