package dev.openmemory.backup.internal.memories;

import dev.openmemory.backup.BackupEvent.Phase;
import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.BackupSummary;
import dev.openmemory.backup.Manifest.Component;
import dev.openmemory.backup.Manifest.Digest;
import dev.openmemory.backup.Warning;
import dev.openmemory.backup.internal.catalog.BackupCatalog;
import dev.openmemory.backup.internal.catalog.StoredBackup;
import dev.openmemory.backup.internal.run.Run;
import dev.openmemory.backup.internal.sqlite.StagedDatabase;
import dev.openmemory.backup.memories.Memory;
import dev.openmemory.backup.memories.MemoryHistory;
import dev.openmemory.backup.memories.MemoryHistory.Change;
import dev.openmemory.backup.memories.MemoryHistory.Entry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Follows one memory through all backups, of which only the databases are fetched. */
public final class HistoryReader {
  private final Run run;
  private final List<Entry> entries = new ArrayList<>();
  private final List<Warning> unread = new ArrayList<>();
  private String id;
  private List<Digest> lastRead = List.of();
  private Optional<Memory> last = Optional.empty();

  private HistoryReader(Run run, String id) {
    this.run = run;
    this.id = id;
  }

  /**
   * Follows the memory.
   *
   * @param id whole, or its beginning
   */
  public static MemoryHistory read(Run.Settings settings, String id) throws IOException {
    try (Run run = Run.reading(settings)) {
      return new HistoryReader(run, id).read();
    }
  }

  private MemoryHistory read() throws IOException {
    for (BackupSummary backup : BackupCatalog.of(run).list()) {
      run.checkCancelled();
      try {
        add(backup);
      } catch (BackupException e) {
        if (!isOfOneBackup(e.kind())) {
          throw e;
        }
        unread.add(
            new Warning(
                "backup-not-read", "backup " + backup.name() + " is left out: " + e.fact()));
      }
    }
    if (entries.stream().noneMatch(entry -> entry.memory().isPresent())) {
      throw unknown();
    }
    return new MemoryHistory(id, entries, unread, run.elapsed());
  }

  private BackupException unknown() {
    String left = unread.stream().map(Warning::message).collect(Collectors.joining("; "));
    return Kind.NOT_FOUND.failure(
        "find memory",
        run.target().location(),
        "no memory has the id '" + id + "'" + (left.isEmpty() ? "" : "; " + left));
  }

  private static boolean isOfOneBackup(Kind kind) {
    return switch (kind) {
      case CORRUPT, UNSUPPORTED, DENIED, FAILED, NOT_FOUND, NO_KEY, WRONG_KEY -> true;
      default -> false;
    };
  }

  private void add(BackupSummary summary) throws IOException {
    StoredBackup backup = StoredBackup.find(run, summary.name());
    List<Digest> database = backup.digests(Component.DATABASE);
    Optional<Memory> found = last;
    // Many backups of a quiet installation have the same database.
    if (database.isEmpty() || !database.equals(lastRead)) {
      run.enter(Phase.PREPARE, "database of " + summary.name());
      try (StagedDatabase staged = StagedDatabase.inScratch(run.context())) {
        found = MemoryReader.fetch(run, backup, staged).find(id);
      }
    }
    found.ifPresent(memory -> id = memory.id());
    entries.add(new Entry(summary.name(), summary.created(), found, change(last, found)));
    last = found;
    lastRead = database;
  }

  private static Change change(Optional<Memory> before, Optional<Memory> after) {
    if (before.isEmpty() || after.isEmpty()) {
      return before.isPresent()
          ? Change.GONE
          : after.isPresent() ? Change.APPEARED : Change.NOT_THERE;
    }
    if (!before.get().text().equals(after.get().text())) {
      return Change.TEXT;
    }
    if (!before.get().state().equals(after.get().state())) {
      return Change.STATE;
    }
    return before.equals(after) ? Change.SAME : Change.OTHER;
  }
}
