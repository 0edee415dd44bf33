package dev.openmemory.backup.internal.memories;

import dev.openmemory.backup.BackupEvent.Phase;
import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.BackupName;
import dev.openmemory.backup.Facts;
import dev.openmemory.backup.Manifest.Component;
import dev.openmemory.backup.internal.catalog.StoredBackup;
import dev.openmemory.backup.internal.run.Run;
import dev.openmemory.backup.internal.sqlite.StagedDatabase;
import dev.openmemory.backup.memories.MemoriesReport;
import dev.openmemory.backup.memories.Memory;
import dev.openmemory.backup.memories.MemoryDetails;
import dev.openmemory.backup.memories.MemoryDetails.Vector;
import dev.openmemory.backup.memories.MemoryQuery;
import dev.openmemory.backup.verify.CrossCheck;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Consumer;

/** Looks into one backup, of which only the database is fetched. */
public record MemoryReader(Run.Settings settings) {
  static final String OPERATION = "read memories";

  interface Work<T> {
    T on(Run run, StoredBackup backup, MemoryDatabase memories) throws IOException;
  }

  public MemoriesReport list(BackupName name, MemoryQuery query, Consumer<Memory> sink)
      throws IOException {
    return open(
        name,
        (run, backup, memories) ->
            new MemoriesReport(
                name, memories.each(query, sink::accept), memories.count(), run.elapsed()));
  }

  public MemoryDetails find(BackupName name, String id) throws IOException {
    return open(
        name,
        (run, backup, memories) -> {
          Memory memory = memories.find(id).orElseThrow(() -> unknown(id, backup.location()));
          return new MemoryDetails(
              name, memory, memories.changes(memory.id()), vector(backup, memory));
        });
  }

  static BackupException unknown(String id, String location) {
    return Kind.NOT_FOUND.failure("find memory", location, "no memory has the id '" + id + "'");
  }

  <T> T open(BackupName name, Work<T> work) throws IOException {
    try (Run run = Run.reading(settings);
        StagedDatabase staged = StagedDatabase.inScratch(run.context())) {
      StoredBackup backup = StoredBackup.find(run, name);
      run.enter(Phase.PREPARE, Component.DATABASE);
      return work.on(run, backup, fetch(run, backup, staged));
    }
  }

  static MemoryDatabase fetch(Run run, StoredBackup backup, StagedDatabase staged)
      throws IOException {
    if (backup.summary().manifest().isEmpty()) {
      backup.requireUndamaged(OPERATION);
    }
    backup.fetch(backup.require(Component.DATABASE, OPERATION), staged);
    return new MemoryDatabase(staged.file(), backup.location(), run.context().cancellation());
  }

  /** As the comparison says that was made with the backup. */
  private static Vector vector(StoredBackup backup, Memory memory) {
    Optional<CrossCheck> compared =
        CrossCheck.in(backup.component(Component.VECTORS).map(Component::facts).orElse(Facts.NONE));
    if (memory.state().equals("deleted")) {
      return Vector.ABSENT;
    }
    if (compared.isEmpty()) {
      return Vector.UNKNOWN;
    }
    CrossCheck.Difference without = compared.get().withoutVector();
    if (without.first().contains(memory.id())) {
      return Vector.ABSENT;
    }
    return without.count() == without.first().size() ? Vector.PRESENT : Vector.UNKNOWN;
  }
}
