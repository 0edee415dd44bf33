package dev.openmemory.backup.cli.output;

import dev.openmemory.backup.Manifest;
import dev.openmemory.backup.Manifest.Component;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What a list shows of a backup from its manifest; empty where the manifest does not say. */
public final class ListFacts {
  private ListFacts() {}

  /** The span that the contents belong to; not the time that the whole run took. */
  public static Duration captureTime(Manifest manifest) {
    return Duration.between(manifest.captured().start(), manifest.captured().end());
  }

  /** How many by state. */
  public static Optional<Map<String, Long>> memories(Manifest manifest) {
    return numbers(manifest, Component.DATABASE, "memories");
  }

  /** How many by collection. */
  public static Optional<Map<String, Long>> points(Manifest manifest) {
    return numbers(manifest, Component.VECTORS, "points");
  }

  private static Optional<Map<String, Long>> numbers(
      Manifest manifest, String component, String fact) {
    return manifest
        .component(component)
        .map(c -> c.facts().values().get(fact))
        .filter(Map.class::isInstance)
        .map(value -> numbers((Map<?, ?>) value))
        .filter(found -> !found.isEmpty());
  }

  private static Map<String, Long> numbers(Map<?, ?> facts) {
    Map<String, Long> numbers = new TreeMap<>();
    facts.forEach(
        (name, value) -> {
          if (value instanceof Number number) {
            numbers.put(String.valueOf(name), number.longValue());
          }
        });
    return numbers;
  }
}
