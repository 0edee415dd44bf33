package dev.openmemory.backup.cli.output;

import dev.openmemory.backup.Manifest;
import dev.openmemory.backup.Manifest.Component;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What is in a backup, in the things that a person counts. */
public final class FactsText {
  private FactsText() {}

  public static String contents(Manifest manifest) {
    return manifest.components().stream().map(FactsText::summary).collect(Collectors.joining("; "));
  }

  /** Where each component was read, and how, if its facts say so. */
  public static List<String> origins(Manifest manifest) {
    return manifest.components().stream()
        .flatMap(c -> c.facts().text("from").map(from -> origin(c, from)).stream())
        .toList();
  }

  private static String origin(Component component, String from) {
    String how = component.facts().text("read").map(read -> " (by " + read + ")").orElse("");
    return component.component() + " from " + from + how;
  }

  private static String summary(Component component) {
    List<String> parts = new ArrayList<>();
    if (component.facts().values().get("memories") instanceof Map<?, ?> states) {
      parts.add(memories(states));
    }
    counted(parts, "users", component.facts().texts("users"));
    counted(parts, "collections", component.facts().texts("collections"));
    return component.component() + (parts.isEmpty() ? "" : ": " + String.join(", ", parts));
  }

  /** {@code 5 memories (3 active, 2 paused)}. */
  public static String memories(Map<?, ?> states) {
    long all =
        states.values().stream()
            .filter(Number.class::isInstance)
            .mapToLong(n -> ((Number) n).longValue())
            .sum();
    String byState =
        states.entrySet().stream()
            .map(e -> e.getValue() + " " + e.getKey())
            .collect(Collectors.joining(", "));
    return all + " memories" + (byState.isEmpty() ? "" : " (" + byState + ")");
  }

  private static void counted(List<String> parts, String what, List<String> names) {
    if (!names.isEmpty()) {
      parts.add(what + " " + String.join(", ", names));
    }
  }
}
