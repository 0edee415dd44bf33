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
    return below(path, destination);
  }

  /** What the engine's host calls a path in the container that it contains. */
  public String onHost(String path) {
    return join(source, below(path));
  }

  /** What the container calls a path of the engine's host that is the source or below it. */
  public String inContainer(String onHost) {
    return join(destination, below(onHost, source));
  }

  private static String below(String path, String folder) {
    return folder.equals("/") ? path : path.substring(folder.length());
  }

  private static String join(String folder, String below) {
    return folder.equals("/") && !below.isEmpty() ? below : folder + below;
  }

  /** Whether a path with slashes, of a container or an engine's host, is the folder or below it. */
  public static boolean isAtOrBelow(String path, String folder) {
    return folder.equals("/") || path.equals(folder) || path.startsWith(folder + "/");
  }
}
