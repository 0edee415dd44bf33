package dev.openmemory.backup.internal.migration;

import dev.openmemory.backup.Facts;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What turns memories into vectors.
 *
 * @param dimensions of its vectors, where the settings say so
 */
record Embedder(Optional<String> provider, Optional<String> model, OptionalLong dimensions) {

  /** The one that a configuration names. */
  static Optional<Embedder> ofConfig(Facts config) {
    return of(
        config.text("providers", "embedder", "provider"),
        config.text("providers", "embedder", "model"),
        config.number("providers", "embedder", "dimensions"));
  }

  /** The one that the settings in a database name. */
  static Optional<Embedder> ofDatabase(Facts database) {
    return of(
        database.text("settings", "providers", "embedder", "provider"),
        database.text("settings", "providers", "embedder", "model"),
        database.number("settings", "providers", "embedder", "dimensions"));
  }

  private static Optional<Embedder> of(
      Optional<String> provider, Optional<String> model, OptionalLong dimensions) {
    return provider.isEmpty() && model.isEmpty()
        ? Optional.empty()
        : Optional.of(new Embedder(provider, model, dimensions));
  }

  /** Whether the vectors of both can be searched together, as far as their names tell. */
  boolean fits(Embedder other) {
    return provider.equals(other.provider) && model.equals(other.model);
  }

  /** For people. */
  String text() {
    return Stream.of(provider, model).flatMap(Optional::stream).collect(Collectors.joining(" "));
  }
}
