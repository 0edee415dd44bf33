package dev.openmemory.backup.internal.qdrant;

import dev.openmemory.backup.Facts;
import java.util.Collection;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The collection that holds the vectors of the memories. Collections beside it may be of other
 * programs, such as {@link #OF_MEM0}.
 *
 * @param named whether the settings of OpenMemory name it; otherwise it is OpenMemory's default
 */
public record MemoryCollection(String name, boolean named) {
  /** The name that OpenMemory uses when its settings name none. */
  public static final String DEFAULT = "openmemory";

  /** What mem0 itself makes in the same Qdrant. */
  public static final String OF_MEM0 = "mem0migrations";

  /** The one that the settings name, else the default. */
  public static MemoryCollection of(Optional<String> inSettings) {
    return new MemoryCollection(inSettings.orElse(DEFAULT), inSettings.isPresent());
  }

  /** As the facts of a database tell. */
  public static MemoryCollection of(Facts database) {
    return of(database.text("settings", "vectorStore", "collection"));
  }

  /**
   * Why these vectors are not those of the memories; empty when they may be.
   *
   * @param vectors facts, with the points where they were counted
   */
  public Optional<String> lacksIn(Facts vectors) {
    Collection<String> present = vectors.texts("collections");
    if (present.isEmpty()) {
      return Optional.of("holds no collection");
    }
    if (!present.contains(name)) {
      return Optional.of(
          "has no collection " + describe() + ", only " + String.join(", ", present));
    }
    long nodes = vectors.number("clusterNodes").orElse(1);
    if (nodes > 1) {
      return Optional.of("is one of " + nodes + " nodes of a cluster; --qdrant-url takes all");
    }
    OptionalLong points = vectors.number("points", name);
    return points.isPresent() && points.getAsLong() == 0
        ? Optional.of("has no point in collection " + describe())
        : Optional.empty();
  }

  private String describe() {
    return "'" + name + "' (" + (named ? "named in the settings" : "OpenMemory's default") + ")";
  }
}
