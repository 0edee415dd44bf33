package dev.openmemory.backup.benchmarks.docker;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/** A volume of an engine on this host. */
record QdrantVolume(DockerCommand docker, String name, Path mountpoint) implements Closeable {
  static QdrantVolume create(DockerCommand docker) throws IOException, InterruptedException {
    String name = docker.run("volume", "create", "openmemory-benchmark-" + UUID.randomUUID());
    String mountpoint = docker.run("volume", "inspect", "--format", "{{.Mountpoint}}", name);
    return new QdrantVolume(docker, name, Path.of(mountpoint));
  }

  /** Whether this process may write to it without the engine. */
  boolean isAccessible() {
    return Files.isWritable(mountpoint);
  }

  /** The sizes of its files, holes included. */
  long apparentBytes() throws IOException {
    long bytes = 0;
    for (Path file : files()) {
      bytes += Files.size(file);
    }
    return bytes;
  }

  /** Reads all of it, so that later reads do not wait for the disk. */
  void warm() throws IOException {
    for (Path file : files()) {
      Files.copy(file, OutputStream.nullOutputStream());
    }
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> tree = Files.walk(mountpoint)) {
      return tree.filter(Files::isRegularFile).toList();
    }
  }

  @Override
  public void close() throws IOException {
    Cleanup.run(() -> docker.run("volume", "rm", "--force", name));
  }
}
