package dev.openmemory.backup.docker.internal.engine;

import java.util.Map;

/**
 * A named volume.
 *
 * @param mountpoint the path of its content on the engine's host
 * @param options of the driver; may name a remote share, and so may hold secrets
 */
public record Volume(
    String name,
    String driver,
    String mountpoint,
    Map<String, String> labels,
    Map<String, String> options) {
  public Volume {
    labels = Map.copyOf(labels);
    options = Map.copyOf(options);
  }

  /**
   * Whether its content is in the directory at {@link #mountpoint} at any time: not so for a share,
   * a folder or a device that the driver mounts there only while a container uses the volume.
   */
  public boolean isPlain() {
    return driver.equals("local") && !options.containsKey("device") && !options.containsKey("type");
  }

  /** The value of a label, or empty text. */
  public String label(String key) {
    return labels.getOrDefault(key, "");
  }

  /** Without the options. */
  @Override
  public String toString() {
    return "Volume[" + name + "]";
  }
}
