package dev.openmemory.backup.internal.catalog;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Facts;
import dev.openmemory.backup.Manifest;
import dev.openmemory.backup.Manifest.Component;
import dev.openmemory.backup.internal.config.VectorStore;
import dev.openmemory.backup.internal.qdrant.MemoryCollection;
import java.io.IOException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The rules that decide whether data is complete. Backup, verify, list, restore, drill and doctor
 * apply the same ones.
 *
 * <p>Memories without vectors are not a small backup but a failed one: the usual cause is a volume
 * that is not where Qdrant writes, so its archive is valid and empty.
 *
 * @param facts of each component, by its name
 */
public record Completeness(Map<String, Facts> facts) {
  private static final String COLLECTIONS = "collections";

  /** The fact of vectors that the user accepted as empty when the backup was made. */
  public static final String EMPTY_ACCEPTED = "emptyAccepted";

  /** Of the facts that the manifest states. */
  public static Completeness of(Manifest manifest) {
    Map<String, Facts> stated = new LinkedHashMap<>();
    manifest.components().forEach(c -> stated.put(c.component(), c.facts()));
    return new Completeness(stated);
  }

  /** Of the facts that the manifest states; without one these files are read to their end. */
  public static Completeness of(StoredBackup backup, Collection<Component> components)
      throws IOException {
    if (backup.summary().manifest().isPresent()) {
      return of(backup.summary().manifest().get());
    }
    Map<String, Facts> found = new LinkedHashMap<>();
    for (Component component : components) {
      backup
          .files(component)
          .inspect(backup.run().quietContext())
          .ifPresent(facts -> found.put(component.component(), facts));
    }
    return new Completeness(found);
  }

  /**
   * Refuses a database of another program.
   *
   * @throws BackupException of kind {@code INCONSISTENT}
   */
  public void requireOwnDatabase(String operation, String location) throws BackupException {
    refuse(operation, location, foreignDatabase());
  }

  /**
   * Refuses vectors of a Qdrant that OpenMemory no longer uses.
   *
   * @throws BackupException of kind {@code UNSUPPORTED} when the settings in the database name
   *     another vector store
   */
  public void requireQdrant(String location) throws BackupException {
    Optional<String> problem = otherStore();
    if (problem.isPresent()) {
      throw new BackupException(Kind.UNSUPPORTED, VectorStore.OPERATION, location, problem.get());
    }
  }

  /**
   * Refuses memories for which no vector store is known.
   *
   * @throws BackupException of kind {@code INCONSISTENT}
   */
  public void requireStore(String operation, String location) throws BackupException {
    refuse(operation, location, noStore());
  }

  /**
   * Refuses memories beside a vector store without their vectors.
   *
   * @throws BackupException of kind {@code INCONSISTENT}
   */
  public void requireVectors(String operation, String location) throws BackupException {
    refuse(operation, location, emptyVectors());
  }

  private static void refuse(String operation, String location, Optional<String> problem)
      throws BackupException {
    if (problem.isPresent()) {
      throw new BackupException(Kind.INCONSISTENT, operation, location, problem.get());
    }
  }

  /** What is wrong with a backup, unless the user accepted it when the backup was made. */
  public Optional<String> problem() {
    boolean accepted = Boolean.TRUE.equals(vectors().values().get(EMPTY_ACCEPTED));
    return foreignDatabase()
        .or(this::otherStore)
        .or(() -> accepted ? Optional.empty() : emptyVectors());
  }

  /** A database of another program must not become a backup of OpenMemory. */
  private Optional<String> foreignDatabase() {
    boolean foreign =
        database().values().get("tables") instanceof Map<?, ?> tables
            && tables.keySet().stream()
                .noneMatch(table -> String.valueOf(table).equalsIgnoreCase("memories"));
    return foreign
        ? Optional.of("the database has no table 'memories', so it is not one of OpenMemory")
        : Optional.empty();
  }

  /** Files of a Qdrant that OpenMemory no longer uses must not pass for its vectors. */
  private Optional<String> otherStore() {
    return database()
        .text("settings", "vectorStore", "provider")
        .filter(name -> facts.containsKey(Component.VECTORS) && !name.equals(VectorStore.QDRANT))
        .map(name -> VectorStore.notQdrant(name, VectorStore.ROW));
  }

  /** Memories that should have vectors, and no vector store. */
  public Optional<String> noStore() {
    return memories() > 0 && !facts.containsKey(Component.VECTORS)
        ? Optional.of(memories() + " memories, and no vector store was named")
        : Optional.empty();
  }

  /** Memories that should have vectors beside a vector store that has none of them. */
  public Optional<String> emptyVectors() {
    boolean known = vectors().values().containsKey(COLLECTIONS);
    String place = vectors().text("from").map(from -> from + " ").orElse("");
    return known && memories() > 0
        ? MemoryCollection.of(database())
            .lacksIn(vectors())
            .map(lacks -> memories() + " memories, but the vector store " + place + lacks)
        : Optional.empty();
  }

  /** How many memories should have a vector. Deleted ones lose theirs. */
  private long memories() {
    return database().number("memories", "active").orElse(0)
        + database().number("memories", "paused").orElse(0)
        + database().number("memories", "archived").orElse(0);
  }

  private Facts database() {
    return facts.getOrDefault(Component.DATABASE, Facts.NONE);
  }

  private Facts vectors() {
    return facts.getOrDefault(Component.VECTORS, Facts.NONE);
  }
}
