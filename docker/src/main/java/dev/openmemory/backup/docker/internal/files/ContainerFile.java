package dev.openmemory.backup.docker.internal.files;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.docker.internal.EngineOption;
import dev.openmemory.backup.docker.internal.connect.Endpoint;
import dev.openmemory.backup.docker.internal.engine.Container;
import dev.openmemory.backup.docker.internal.engine.DockerEngine;
import dev.openmemory.backup.docker.internal.engine.EngineDirectory;
import dev.openmemory.backup.spi.ProviderOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;

/**
 * A file as a container sees it, in a volume or in its own layer.
 *
 * @param container its name
 * @param path absolute
 * @param work the folder that keeps what a restore replaces
 */
record ContainerFile(Endpoint engine, String container, String path, Path work) {

  static ContainerFile of(ProviderOptions options) throws BackupException {
    options.allow(Set.of(EngineOption.NAME, "container", "path", "work"));
    return new ContainerFile(
        EngineOption.of(options),
        required(options, "container"),
        required(options, "path"),
        options.path("work").toAbsolutePath().normalize());
  }

  private static String required(ProviderOptions options, String name) throws BackupException {
    return options
        .text(name)
        .orElseThrow(
            () ->
                Kind.INVALID.failure(
                    "options of " + options.owner(), "", "'" + name + "' is required"));
  }

  String describe() {
    return "container " + container + ":" + path;
  }

  /** The path of the file beside it that has the suffix. */
  String path(String suffix) {
    return path + suffix;
  }

  String name() {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  EngineDirectory directory() {
    int slash = path.lastIndexOf('/');
    return new EngineDirectory.InContainer(container, slash <= 0 ? "/" : path.substring(0, slash));
  }

  Container require(DockerEngine connected) throws IOException {
    return connected
        .container(container)
        .orElseThrow(
            () ->
                Kind.NOT_FOUND.failure(
                    "find container", container, "does not exist; perhaps it was removed"));
  }

  /**
   * Refuses while the container runs: a copy of files that are written to is worth nothing.
   *
   * @throws BackupException of kind {@code LOCKED}
   */
  void requireHeld(DockerEngine connected) throws IOException {
    if (require(connected).runs()) {
      throw inUse("running");
    }
  }

  /**
   * Refuses also while it is paused: it would continue with what it knows of the old content.
   *
   * @throws BackupException of kind {@code LOCKED}
   */
  void requireStopped(DockerEngine connected) throws IOException {
    requireHeld(connected);
    if (require(connected).isPaused()) {
      throw inUse("paused");
    }
  }

  private BackupException inUse(String state) {
    return Kind.LOCKED.failure("use file of", describe(), "the container is " + state);
  }
}
