package dev.openmemory.backup.docker.internal.discovery;

import dev.openmemory.backup.docker.internal.engine.Container;
import dev.openmemory.backup.internal.config.EnvironmentFile;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The variables by which the API knows where data is, as it sees them: its environment first, then
 * its {@code .env}. All other variables stay unread.
 *
 * @param sources the first one that has a variable wins
 */
record Variables(List<Source> sources) {
  static final Variables NONE = new Variables(List.of());

  /** Copies the list. */
  Variables {
    sources = List.copyOf(sources);
  }

  /** Values may be secrets: never to be shown or kept. */
  record Source(String name, Map<String, String> values, Set<String> made) {
    @Override
    public String toString() {
      return "Source[" + name + "]";
    }
  }

  /**
   * A variable with a value.
   *
   * @param source that sets it, for people
   * @param isMade whether the value depends on other variables
   */
  record Variable(String name, String value, String source, boolean isMade) {
    /** For people, without the value. */
    String why() {
      return name + " of " + source;
    }

    @Override
    public String toString() {
      return why();
    }
  }

  static Variables of(Container api) {
    return NONE.and("container " + api.name(), api.environment(), Set.of());
  }

  /** Adds the variables of a file. One that is known already keeps its value. */
  Variables and(String file, EnvironmentFile more) {
    return and(file, more.values(), more.made());
  }

  private Variables and(String name, Map<String, String> values, Set<String> made) {
    Map<String, String> places = new LinkedHashMap<>(values);
    places.keySet().removeIf(variable -> !isPlace(variable));
    List<Source> all = new ArrayList<>(sources);
    all.add(new Source(name, places, made));
    return new Variables(all);
  }

  private static boolean isPlace(String variable) {
    return variable.equals(DatabaseUrl.VARIABLE) || StoreSetting.VARIABLES.contains(variable);
  }

  /** Empty also when it is set to nothing. */
  Optional<Variable> find(String name) {
    return sources.stream()
        .filter(source -> source.values().containsKey(name))
        .findFirst()
        .map(
            source ->
                new Variable(
                    name,
                    source.values().getOrDefault(name, "").strip(),
                    source.name(),
                    source.made().contains(name)))
        .filter(variable -> !variable.value().isEmpty());
  }
}
