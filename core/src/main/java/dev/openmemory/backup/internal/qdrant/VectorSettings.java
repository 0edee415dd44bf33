package dev.openmemory.backup.internal.qdrant;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Which vectors the points of a collection have. Where and how they are kept, and how exactly an
 * index searches them, does not count: a point has its whole vectors everywhere.
 *
 * @param vectors what each vector is, by its name, in words
 */
public record VectorSettings(Map<String, String> vectors) {
  private static final String SIZE = "size";

  public VectorSettings {
    vectors = Map.copyOf(vectors);
  }

  /** Those of {@code params} of a collection. */
  public static VectorSettings of(Map<?, ?> params) {
    Map<String, String> vectors = new TreeMap<>();
    if (params.get("vectors") instanceof Map<?, ?> dense) {
      if (dense.containsKey(SIZE)) {
        vectors.put("", dense(dense));
      } else {
        dense.forEach((name, one) -> vectors.put(String.valueOf(name), dense(one)));
      }
    }
    if (params.get("sparse_vectors") instanceof Map<?, ?> sparse) {
      sparse.forEach((name, one) -> vectors.put(String.valueOf(name), sparse(one)));
    }
    return new VectorSettings(vectors);
  }

  private static String dense(Object settings) {
    if (!(settings instanceof Map<?, ?> of)) {
      return "unknown";
    }
    String several = of.get("multivector_config") == null ? "" : ", several for each point";
    return of.get(SIZE)
        + " dimensions, "
        + of.get("distance")
        + (of.get("datatype") == null ? "" : ", " + of.get("datatype")).replace(", float32", "")
        + several;
  }

  private static String sparse(Object settings) {
    boolean modified = settings instanceof Map<?, ?> of && of.get("modifier") instanceof String;
    return "sparse"
        + (modified ? ", " + ((Map<?, ?>) settings).get("modifier") : "").replace(", none", "");
  }

  /**
   * In what vectors that are put into a collection with other settings would not fit, in words.
   *
   * @param there the settings of that collection
   */
  public Optional<String> misfit(VectorSettings there) {
    TreeSet<String> names = new TreeSet<>(vectors.keySet());
    names.addAll(there.vectors.keySet());
    for (String name : names) {
      String mine = vectors.getOrDefault(name, "none");
      String theirs = there.vectors.getOrDefault(name, "none");
      if (!mine.equals(theirs)) {
        String which = name.isEmpty() ? "vector" : "vector '" + name + "'";
        return Optional.of(which + " is (" + mine + "), and the collection takes (" + theirs + ")");
      }
    }
    return Optional.empty();
  }
}
