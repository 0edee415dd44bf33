package dev.openmemory.backup;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a source found out about its data, as it stands in the manifest: a tree of the JSON types
 * (String, Number, Boolean, List, Map).
 *
 * @param values by name; never null values, never secrets
 */
public record Facts(Map<String, Object> values) {
  /** Nothing known. */
  public static final Facts NONE = new Facts(Map.of());

  /** Copies the map, keeping its order. */
  public Facts {
    values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
  }

  /** The number at the path, or empty when there is none. */
  public OptionalLong number(String... path) {
    return at(path)
        .filter(Number.class::isInstance)
        .map(n -> OptionalLong.of(((Number) n).longValue()))
        .orElse(OptionalLong.empty());
  }

  /** The text at the path, or empty when there is none. */
  public Optional<String> text(String... path) {
    return at(path).filter(String.class::isInstance).map(String.class::cast);
  }

  /** The texts in the list at the path, or an empty list when there is none. */
  public List<String> texts(String... path) {
    return at(path)
        .filter(List.class::isInstance)
        .map(l -> ((List<?>) l).stream().map(String::valueOf).toList())
        .orElse(List.of());
  }

  /** The same with the other ones, which count where both have a value. */
  public Facts with(Facts others) {
    Map<String, Object> all = new LinkedHashMap<>(values);
    all.putAll(others.values());
    return new Facts(all);
  }

  private Optional<Object> at(String... path) {
    Optional<Object> here = Optional.of(values);
    for (String name : path) {
      here = here.filter(Map.class::isInstance).map(m -> ((Map<?, ?>) m).get(name));
    }
    return here;
  }
}
