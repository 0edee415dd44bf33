package dev.openmemory.backup.internal.backup;

import dev.openmemory.backup.Facts;
import dev.openmemory.backup.Manifest;
import dev.openmemory.backup.Manifest.Component;
import dev.openmemory.backup.Manifest.StoredFile;
import dev.openmemory.backup.Warning;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Whether a new backup holds so much less than the one before that the user should look. */
final class ShrinkCheck {
  /** Of fewer rows or points, half is soon gone. */
  private static final long FEWEST = 10;

  /** Below this size, headers and indexes weigh more than what is in them. */
  private static final long SMALLEST = 64 * 1024;

  private ShrinkCheck() {}

  /** The warning that names what shrank to less than its half. */
  static Optional<Warning> between(
      Manifest before, List<Component> components, List<StoredFile> files) {
    Map<String, Long> then = measures(before.components(), before.files());
    Map<String, Long> now = measures(components, files);
    List<String> shrunk = new ArrayList<>();
    then.forEach(
        (what, count) -> {
          if (now.containsKey(what) && now.get(what) < count / 2.0 && count >= least(what)) {
            shrunk.add(what + " from " + count + " to " + now.get(what));
          }
        });
    return shrunk.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Warning(
                Warning.SHRUNK,
                "much less than in backup " + before.name() + ": " + String.join(", ", shrunk)));
  }

  private static long least(String what) {
    return what.startsWith("bytes") ? SMALLEST : FEWEST;
  }

  /** What both have is compared; a part that was left out is no collapse. */
  private static Map<String, Long> measures(List<Component> components, List<StoredFile> files) {
    Map<String, Long> measures = new LinkedHashMap<>();
    for (Component component : components) {
      Facts facts = component.facts();
      memories(facts).ifPresent(count -> measures.put("memories", count));
      sum(facts, "tables").ifPresent(count -> measures.put("rows", count));
      sum(facts, "points").ifPresent(count -> measures.put("points", count));
      measures.put("bytes of " + component.component(), bytes(component, files));
    }
    return measures;
  }

  /** Deleted ones are still rows. */
  private static Optional<Long> memories(Facts facts) {
    return sum(facts, "memories").map(all -> all - facts.number("memories", "deleted").orElse(0));
  }

  private static Optional<Long> sum(Facts facts, String name) {
    return facts.values().get(name) instanceof Map<?, ?> counts
        ? Optional.of(
            counts.values().stream()
                .filter(Number.class::isInstance)
                .mapToLong(n -> ((Number) n).longValue())
                .sum())
        : Optional.empty();
  }

  private static long bytes(Component component, List<StoredFile> files) {
    return files.stream()
        .filter(file -> component.files().contains(file.plainName()))
        .mapToLong(file -> file.stored().size())
        .sum();
  }
}
