package dev.openmemory.backup.internal.migration;

import dev.openmemory.backup.Facts;
import java.util.Optional;

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
