package dev.openmemory.backup.internal.diff;

import dev.openmemory.backup.diff.BackupDiff.Settings;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;

/** Finds the places at which two JSON documents differ; no value leaves it. */
public final class SettingsDifference {
  private static final int PLACE_CHARACTERS = 200;

  private final String document;
  private final CappedList<String> added;
  private final CappedList<String> removed;
  private final CappedList<String> changed;

  /**
   * Nothing found so far.
   *
   * @param document names it for people
   * @param named how many places of each kind are kept
   */
  public SettingsDifference(String document, int named) {
    this.document = document;
    this.added = new CappedList<>(named);
    this.removed = new CappedList<>(named);
    this.changed = new CappedList<>(named);
  }

  /** Empty when nothing is different. */
  public Optional<Settings> found() {
    Settings settings = new Settings(document, added.listed(), removed.listed(), changed.listed());
    long count = settings.added().count() + settings.removed().count() + settings.changed().count();
    return count == 0 ? Optional.empty() : Optional.of(settings);
  }

  /** Compares what is at the place of both documents. */
  public void compare(String place, JsonNode before, JsonNode after) {
    compare(() -> place, before, after);
  }

  /** Notes a place that is different as a whole. */
  public void changed(String place) {
    put(changed, () -> place);
  }

  /** Notes all that is only in the second document. */
  public void added(String place, JsonNode node) {
    all(added, () -> place, node);
  }

  /** Notes all that is only in the first document. */
  public void removed(String place, JsonNode node) {
    all(removed, () -> place, node);
  }

  private void compare(Supplier<String> place, JsonNode before, JsonNode after) {
    if (before.isObject() && after.isObject()) {
      members(place, before, after);
    } else if (before.isArray() && after.isArray()) {
      elements(place, before, after);
    } else if (!before.equals(after)) {
      put(changed, place);
    }
  }

  private void members(Supplier<String> place, JsonNode before, JsonNode after) {
    for (Map.Entry<String, JsonNode> member : before.properties()) {
      Supplier<String> below = member(place, member.getKey());
      if (after.has(member.getKey())) {
        compare(below, member.getValue(), after.path(member.getKey()));
      } else {
        all(removed, below, member.getValue());
      }
    }
    for (Map.Entry<String, JsonNode> member : after.properties()) {
      if (!before.has(member.getKey())) {
        all(added, member(place, member.getKey()), member.getValue());
      }
    }
  }

  private void elements(Supplier<String> place, JsonNode before, JsonNode after) {
    for (int i = 0; i < Math.max(before.size(), after.size()); i++) {
      Supplier<String> below = element(place, i);
      if (i >= after.size()) {
        all(removed, below, before.path(i));
      } else if (i >= before.size()) {
        all(added, below, after.path(i));
      } else {
        compare(below, before.path(i), after.path(i));
      }
    }
  }

  private static void all(CappedList<String> few, Supplier<String> place, JsonNode node) {
    if (node.isEmpty()) {
      put(few, place);
    } else if (node.isObject()) {
      node.properties().forEach(m -> all(few, member(place, m.getKey()), m.getValue()));
    } else {
      for (int i = 0; i < node.size(); i++) {
        all(few, element(place, i), node.path(i));
      }
    }
  }

  private static Supplier<String> member(Supplier<String> place, String name) {
    return () -> {
      String above = place.get();
      return above.isEmpty() ? name : above + "." + name;
    };
  }

  private static Supplier<String> element(Supplier<String> place, int index) {
    return () -> place.get() + "[" + index + "]";
  }

  private static void put(CappedList<String> few, Supplier<String> place) {
    few.add(
        () -> {
          String text = place.get();
          return text.length() <= PLACE_CHARACTERS
              ? text
              : text.substring(0, PLACE_CHARACTERS) + "...";
        });
  }
}
