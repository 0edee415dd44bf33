package dev.openmemory.backup.internal.text;

import java.net.URI;
import java.nio.file.Path;

/** Locations as people write them. */
public final class HostPath {
  private HostPath() {}

  /** A folder of this host by its path; other locations as they are. */
  public static String of(String location) {
    if (!location.startsWith("file:/")) {
      return location;
    }
    try {
      return Path.of(URI.create(location)).toString();
    } catch (IllegalArgumentException e) {
      return location;
    }
  }
}
