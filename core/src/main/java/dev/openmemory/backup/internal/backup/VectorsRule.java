package dev.openmemory.backup.internal.backup;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Facts;
import java.util.Map;
import java.util.Optional;

/**
 * Memories without vectors are not a small backup but a failed one: the usual cause is a volume
 * that is not where Qdrant writes, so its archive is valid and empty.
 */
final class VectorsRule {
  private static final String COLLECTIONS = "collections";

  private VectorsRule() {}

  /**
   * Checks what was captured.
   *
   * @param facts by component
   * @param place where the vectors were looked for
   * @throws BackupException of kind {@code INCONSISTENT} when there are memories that should have
   *     vectors, and none are
   */
  static void check(Map<String, Facts> facts, String home, String place) throws BackupException {
    long memories = withVectors(facts.getOrDefault("database", Facts.NONE));
    if (memories == 0) {
      return;
    }
    Optional<Facts> vectors = Optional.ofNullable(facts.get("vectors"));
    if (vectors.isEmpty()) {
      throw inconsistent(home, memories + " memories, and no vector store was named");
    }
    if (vectors.get().values().containsKey(COLLECTIONS)
        && vectors.get().texts(COLLECTIONS).isEmpty()) {
      throw inconsistent(
          home, memories + " memories, but the vector store " + place + " holds no collection");
    }
  }

  /** All but the deleted ones keep their vector. */
  private static long withVectors(Facts database) {
    return database.number("memories", "active").orElse(0)
        + database.number("memories", "paused").orElse(0)
        + database.number("memories", "archived").orElse(0);
  }

  private static BackupException inconsistent(String home, String what) {
    return new BackupException(Kind.INCONSISTENT, "backup", home, what);
  }
}
