package dev.openmemory.backup.spi.optional;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The variables that an OpenMemory is started with. Of their values nothing is kept but whether
 * they are empty, and the name of the user.
 *
 * @param place where they were read, for people
 * @param filled names of variables that have a value
 * @param empty names of variables that have none
 * @param user the value of {@code USER}, when it is filled and does not depend on other variables
 */
public record Environment(
    String place, Set<String> filled, Set<String> empty, Optional<String> user) {
  /** Names the user of the memories that OpenMemory shows. */
  public static final String USER = "USER";

  public Environment {
    filled = Set.copyOf(filled);
    empty = Set.copyOf(empty);
  }

  /**
   * Forgets the values.
   *
   * @param values by name
   */
  public static Environment of(String place, Map<String, String> values) {
    Set<String> filled = new TreeSet<>();
    Set<String> empty = new TreeSet<>();
    values.forEach((name, value) -> (value.isBlank() ? empty : filled).add(name));
    return new Environment(
        place,
        filled,
        empty,
        Optional.ofNullable(values.get(USER)).filter(user -> !user.isBlank()));
  }

  /** The same without a user, for a name that other variables make. */
  public Environment withoutUser() {
    return new Environment(place, filled, empty, Optional.empty());
  }

  /** Without the user, which is private. */
  @Override
  public String toString() {
    Map<String, Object> shown = new LinkedHashMap<>();
    shown.put("filled", new TreeSet<>(filled));
    shown.put("empty", new TreeSet<>(empty));
    return "Environment[" + place + ", " + shown + "]";
  }
}
