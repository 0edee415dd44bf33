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
}
