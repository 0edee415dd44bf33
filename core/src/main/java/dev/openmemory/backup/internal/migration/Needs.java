package dev.openmemory.backup.internal.migration;

import dev.openmemory.backup.Facts;
import dev.openmemory.backup.Manifest.Component;
import dev.openmemory.backup.internal.qdrant.MemoryCollection;
import dev.openmemory.backup.spi.optional.Environment;
import dev.openmemory.backup.verify.CrossCheck;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a backup shows of the installation that it was made of.
 *
 * @param facts by component; components without facts are there, components that it does not hold
 *     are not
 * @param snapshots whether its vectors are snapshots
 */
public record Needs(Map<String, Facts> facts, boolean snapshots) {
  private static final String SNAPSHOTS = "qdrant-snapshot";

  public Needs {
    facts = Map.copyOf(facts);
  }

  /** The needs of the components. Their facts may have been read from their files. */
  public static Needs of(List<Component> components) {
    Map<String, Facts> facts = new LinkedHashMap<>();
    components.forEach(c -> facts.put(c.component(), c.facts()));
    return new Needs(
        facts,
        components.stream()
            .anyMatch(c -> c.component().equals(Component.VECTORS) && c.type().equals(SNAPSHOTS)));
  }

  /**
   * Names of the variables that had a value there, and of the ones that the settings in use name;
   * without that of the user. Empty when it is not known.
   */
  Optional<Set<String>> variables() {
    Set<String> needed = new TreeSet<>(of(Component.CONFIG).texts("envKeys"));
    needed.removeAll(of(Component.CONFIG).texts("emptyEnvKeys"));
    needed.addAll(references());
    needed.remove(Environment.USER);
    boolean known = of(Component.CONFIG).values().containsKey("envKeys");
    return needed.isEmpty() && !known ? Optional.empty() : Optional.of(needed);
  }

  /** The configuration is but the seed of the settings in the database. */
  private List<String> references() {
    Facts database = of(Component.DATABASE);
    return database.values().containsKey("settings")
        ? database.texts("settings", "envReferences")
        : of(Component.CONFIG).texts("envReferences");
  }

  /** Whether {@code USER} came from elsewhere than the file of variables, which was read. */
  boolean userCameFromElsewhere() {
    Facts config = of(Component.CONFIG);
    return config.values().containsKey("envKeys")
        && !config.texts("envKeys").contains(Environment.USER);
  }

  /** The ids by which OpenMemory knows its users; empty when they are not known. */
  Optional<List<String>> users() {
    return of(Component.DATABASE).values().containsKey("users")
        ? Optional.of(of(Component.DATABASE).texts("users"))
        : Optional.empty();
  }

  boolean hasVectors() {
    return facts.containsKey(Component.VECTORS);
  }

  Optional<String> qdrantVersion() {
    return of(Component.VECTORS).text("qdrantVersion");
  }

  Optional<Embedder> embedderOfDatabase() {
    return Embedder.ofDatabase(of(Component.DATABASE));
  }

  Optional<Embedder> embedderOfConfig() {
    return Embedder.ofConfig(of(Component.CONFIG));
  }

  /** The collection of the memories and the dimensions of its vectors. */
  record Collection(String name, long dimensions) {}

  /** Empty when that is not known. */
  Optional<Collection> collection() {
    Facts vectors = of(Component.VECTORS);
    if (!(vectors.values().get("vectors") instanceof Map<?, ?> configs)) {
      return Optional.empty();
    }
    Optional<String> name =
        CrossCheck.in(vectors)
            .map(CrossCheck::collection)
            .or(() -> Optional.of(MemoryCollection.DEFAULT))
            .filter(configs::containsKey)
            .or(
                () ->
                    configs.size() == 1
                        ? configs.keySet().stream().findFirst().map(String::valueOf)
                        : Optional.empty());
    return name.flatMap(
        n -> {
          OptionalLong size = dimensions(configs.get(n));
          return size.isPresent()
              ? Optional.of(new Collection(n, size.getAsLong()))
              : Optional.empty();
        });
  }

  /** Of the one vector that each point has; it may have a name. */
  private static OptionalLong dimensions(@Nullable Object config) {
    if (!(config instanceof Map<?, ?> map)) {
      return OptionalLong.empty();
    }
    if (map.get("size") instanceof Number size) {
      return OptionalLong.of(size.longValue());
    }
    return map.size() == 1 && map.values().iterator().next() instanceof Map<?, ?> named
        ? dimensions(named)
        : OptionalLong.empty();
  }

  private Facts of(String component) {
    return facts.getOrDefault(component, Facts.NONE);
  }
}
