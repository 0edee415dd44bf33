package dev.openmemory.backup.internal.putback;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.internal.memories.MemoryDatabase;
import dev.openmemory.backup.memories.Memory;
import dev.openmemory.backup.memories.MemoryQuery;
import dev.openmemory.backup.memories.MemoryRestoreRequest;
import java.io.IOException;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Chooses memories of a backup. */
record Chosen(MemoryDatabase backup, Tables present) {
  /**
   * The ids of the memories that are wanted, oldest first.
   *
   * @param since the database of the backup since which they were deleted
   * @throws BackupException of kind {@code NOT_FOUND} when a memory with an id is not in the
   *     backup, {@code INVALID} when it is deleted there too
   */
  List<UUID> by(MemoryRestoreRequest request, Optional<MemoryDatabase> since) throws IOException {
    Set<UUID> chosen = new LinkedHashSet<>();
    if (request.ids().isEmpty()) {
      backup.each(request.query(), memory -> addUnlessDeleted(memory, chosen));
    } else {
      for (String id : request.ids()) {
        chosen.add(byId(id));
      }
    }
    if (since.isPresent()) {
      Set<UUID> there = new HashSet<>();
      since.get().each(MemoryQuery.ALL, memory -> addUnlessDeleted(memory, there));
      chosen.retainAll(there);
      for (UUID id : List.copyOf(chosen)) {
        if (present.memory(id).filter(rows -> !rows.isDeleted()).isPresent()) {
          chosen.remove(id);
        }
      }
    }
    return List.copyOf(chosen);
  }

  /** An id that is no UUID is one that no point can have. */
  private static void addUnlessDeleted(Memory memory, Set<UUID> chosen) {
    if (!memory.state().equals(MemoryRows.DELETED)) {
      uuid(memory.id()).ifPresent(chosen::add);
    }
  }

  private static Optional<UUID> uuid(String id) {
    try {
      return Optional.of(UUID.fromString(id));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private UUID byId(String id) throws IOException {
    Memory memory =
        backup
            .find(id)
            .orElseThrow(
                () ->
                    Kind.NOT_FOUND.failure(
                        "find memory", backup.location(), "no memory has the id '" + id + "'"));
    if (memory.state().equals(MemoryRows.DELETED)) {
      throw Kind.INVALID.failure(
          "find memory",
          backup.location(),
          "memory " + memory.id() + " is deleted in this backup too");
    }
    return uuid(memory.id())
        .orElseThrow(
            () ->
                Kind.INVALID.failure(
                    "find memory", backup.location(), "'" + memory.id() + "' is no UUID"));
  }
}
