package dev.openmemory.backup.docker.internal.engine;

/**
 * Something mounted into a container.
 *
 * @param kind how
 * @param volume the name of the volume; empty for others
 * @param source the path on the engine's host: of a bind, or of the volume's content; may be empty
 * @param destination the absolute path in the container
 * @param writable whether the container may write to it
 */
public record Mount(Kind kind, String volume, String source, String destination, boolean writable) {
  /** How something is mounted. */
  public enum Kind {
    BIND,
    VOLUME,
    /** In memory, and whatever else engines have. */
    OTHER
  }

  /** Whether the path in the container is the destination or below it. */
  public boolean contains(String path) {
    return isAtOrBelow(path, destination);
  }

  /** What follows the destination in a path that it contains: empty, or begins with a slash. */
  public String below(String path) {
    return destination.equals("/") ? path : path.substring(destination.length());
  }

  /** Whether a path with slashes, of a container or an engine's host, is the folder or below it. */
  public static boolean isAtOrBelow(String path, String folder) {
    return folder.equals("/") || path.equals(folder) || path.startsWith(folder + "/");
  }
}
