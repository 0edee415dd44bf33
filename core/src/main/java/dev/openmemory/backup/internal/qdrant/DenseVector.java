package dev.openmemory.backup.internal.qdrant;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import java.util.List;
import java.util.Map;

/**
 * The one dense vector that each point of a collection has.
 *
 * @param name empty for the one without a name
 * @param unitLength whether Qdrant brings it to the length 1
 */
public record DenseVector(String name, int dimensions, boolean unitLength) {
  private static final String SIZE = "size";

  /**
   * That of {@code params} of a collection. Sparse vectors beside it do not count.
   *
   * @throws BackupException of kind {@code UNSUPPORTED} when there is another number of them, or
   *     one of another sort than the plain one that OpenMemory uses
   */
  public static DenseVector of(Map<?, ?> params, String location) throws BackupException {
    if (params.get("vectors") instanceof Map<?, ?> vectors) {
      if (vectors.containsKey(SIZE)) {
        return of("", vectors, location);
      }
      if (vectors.size() == 1) {
        Map.Entry<?, ?> only = vectors.entrySet().iterator().next();
        if (only.getValue() instanceof Map<?, ?> named) {
          return of(String.valueOf(only.getKey()), named, location);
        }
      }
    }
    throw unsupported(location, "its points have not exactly one dense vector");
  }

  private static DenseVector of(String name, Map<?, ?> vector, String location)
      throws BackupException {
    Object type = vector.get("datatype");
    if (vector.get("multivector_config") != null) {
      throw unsupported(location, "each of its points has several vectors of a name");
    }
    if (type != null && !type.equals("float32")) {
      throw unsupported(location, "its vectors are kept as " + type);
    }
    if (!(vector.get(SIZE) instanceof Number size)) {
      throw unsupported(location, "it does not say how many dimensions its vectors have");
    }
    return new DenseVector(name, size.intValue(), "Cosine".equals(vector.get("distance")));
  }

  private static BackupException unsupported(String location, String fact) {
    return Kind.UNSUPPORTED.failure("make new vectors", location, fact);
  }

  /** The vector of a point as Qdrant keeps it, in the form of {@link WholePoint#vector}. */
  public Object of(List<Float> numbers) {
    List<Float> kept = numbers;
    if (unitLength) {
      double length = Math.sqrt(numbers.stream().mapToDouble(n -> (double) n * n).sum());
      kept = numbers.stream().map(n -> (float) (n / length)).toList();
    }
    return name.isEmpty() ? kept : Map.of(name, kept);
  }
}
