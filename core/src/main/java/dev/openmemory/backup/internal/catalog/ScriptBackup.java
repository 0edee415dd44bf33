package dev.openmemory.backup.internal.catalog;

import dev.openmemory.backup.Facts;
import dev.openmemory.backup.Manifest.Component;
import java.util.List;
import java.util.Map;

/**
 * The files that the guide's scripts, or its commands typed by hand, leave: the same names as ours,
 * without a manifest.
 */
public final class ScriptBackup {
  /** File as stored, file as captured, and whose it is. */
  private record Known(String stored, String plain, String component, String type) {}

  private static final List<Known> FILES =
      List.of(
          new Known("openmemory.db", "openmemory.db", "database", "sqlite"),
          new Known("config.json", "config.json", "config", "config"),
          new Known("qdrant-storage.tar.gz", "qdrant-storage.tar", "vectors", "directory"));

  private ScriptBackup() {}

  public static boolean isFileOfOne(String fileName) {
    return FILES.stream().anyMatch(k -> k.stored().equals(fileName));
  }

  /** The components that these files make. */
  static List<Component> components(List<String> fileNames) {
    return FILES.stream()
        .filter(k -> fileNames.contains(k.stored()))
        .map(k -> new Component(k.component(), k.type(), List.of(k.plain()), Facts.NONE, Map.of()))
        .toList();
  }

  /** The stored name of a plain one. */
  static String storedName(String plainName) {
    return FILES.stream()
        .filter(k -> k.plain().equals(plainName))
        .findFirst()
        .orElseThrow()
        .stored();
  }
}
