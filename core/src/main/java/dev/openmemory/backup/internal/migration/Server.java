package dev.openmemory.backup.internal.migration;

import dev.openmemory.backup.Facts;
import dev.openmemory.backup.spi.optional.Environment;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * What could be found out about the server that a backup is brought to.
 *
 * @param environment what its OpenMemory is started with
 * @param settings what its configuration says
 * @param qdrantVersion of its Qdrant
 * @param runs whether something of it runs
 */
public record Server(
    Known<Environment> environment,
    Known<Facts> settings,
    Known<String> qdrantVersion,
    Known<Boolean> runs) {

  /** Both together; what the first says of the user counts more. */
  static Environment joined(Environment first, Environment second) {
    Set<String> filled = new HashSet<>(first.filled());
    filled.addAll(second.filled());
    Set<String> empty = new HashSet<>(first.empty());
    empty.addAll(second.empty());
    empty.removeAll(filled);
    return new Environment(
        first.place() + " and " + second.place(),
        filled,
        empty,
        first.filled().contains(Environment.USER) ? first.user() : second.user());
  }

  /**
   * A fact, or why there is none.
   *
   * @param why a statement for people; of no meaning when there is a value
   */
  public record Known<T>(Optional<T> value, String why) {
    public static <T> Known<T> of(T value) {
      return new Known<>(Optional.of(value), "");
    }

    public static <T> Known<T> not(String why) {
      return new Known<>(Optional.empty(), why);
    }
  }
}
