package dev.openmemory.backup.docker.internal.engine;

/** A directory that the engine can read and write for us. */
public sealed interface EngineDirectory {
  /** For messages: {@code volume x} or {@code container y:/path}. */
  String describe();

  /**
   * The content of a volume. Reached through a helper container, so that no other container is
   * locked meanwhile.
   *
   * @param name of the volume
   */
  record InVolume(String name) implements EngineDirectory {
    @Override
    public String describe() {
      return "volume " + name;
    }
  }

  /**
   * A directory as a container sees it: in its own layer, or in whatever is mounted there.
   *
   * @param container name or id
   * @param path absolute
   */
  record InContainer(String container, String path) implements EngineDirectory {
    @Override
    public String describe() {
      return "container " + container + ":" + path;
    }
  }
}
