package dev.openmemory.backup.memories;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A memory as a backup has it. Its text and metadata are not in {@link #toString()}.
 *
 * @param id with dashes when it is one of OpenMemory's
 * @param user the {@code user_id} of its owner; empty when the row of the owner is missing
 * @param app the name of the app that wrote it; empty when the row of the app is missing
 * @param state {@code active}, {@code paused}, {@code archived} or {@code deleted}; OpenMemory
 *     takes a missing one for {@code active}; another text stands as it is, in lower case
 * @param categories by name, in alphabetical order
 * @param metadata a JSON text; empty when there is none
 * @param created empty when the row has no time that can be read, as for the other times
 */
public record Memory(
    String id,
    Optional<String> user,
    Optional<String> app,
    String state,
    String text,
    List<String> categories,
    Optional<String> metadata,
    Optional<Instant> created,
    Optional<Instant> updated,
    Optional<Instant> archived,
    Optional<Instant> deleted) {
  /** Copies the list. */
  public Memory {
    categories = List.copyOf(categories);
  }

  /** When it was last changed: the latest of its times; empty when it has none. */
  public Optional<Instant> changed() {
    return List.of(created, updated, archived, deleted).stream()
        .flatMap(Optional::stream)
        .max(Instant::compareTo);
  }

  @Override
  public String toString() {
    return "memory " + id + ", " + state + ", " + text.length() + " characters";
  }
}
