package dev.openmemory.backup.internal.catalog;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.BackupSummary;
import dev.openmemory.backup.BackupSummary.State;
import dev.openmemory.backup.Facts;
import dev.openmemory.backup.Manifest.Component;
import dev.openmemory.backup.internal.run.Run;
import dev.openmemory.backup.internal.sqlite.DatabaseCheck;
import dev.openmemory.backup.internal.sqlite.StagedDatabase;
import java.io.IOException;
import java.util.Optional;

/**
 * A stored backup that is looked into and not restored.
 *
 * @param operation for messages
 */
public record BackupReading(Run run, BackupSummary backup, String operation) {

  /** Names the backup in messages. */
  public String location() {
    return run.target().location() + "/" + backup.name();
  }

  /** A damaged one is {@code CORRUPT}. */
  public void refuseDamaged() throws BackupException {
    if (backup.state() == State.DAMAGED) {
      throw Kind.CORRUPT.failure(operation, location(), backup.problem().orElse("damaged"));
    }
  }

  public Optional<Component> component(String name) {
    return BackupVerifier.components(backup).stream()
        .filter(c -> c.component().equals(name))
        .findFirst();
  }

  /** Fetches the database into the private folder and checks it. */
  public Facts fetch(Component database, StagedDatabase staged) throws IOException {
    read(
        database,
        files -> {
          staged.fetch(files, run.context());
          return staged;
        });
    return DatabaseCheck.run(staged.file(), location(), run.context().cancellation());
  }

  public interface Reader<T> {
    T read(StoredFiles files) throws IOException;
  }

  /**
   * Reads a component. What is wrong with it, also a file that is missing, is told of this backup:
   * its files have the same names in every other.
   */
  public <T> T read(Component component, Reader<T> reader) throws IOException {
    try {
      return reader.read(new StoredFiles(run, backup, component));
    } catch (BackupException e) {
      boolean named = e.location().startsWith(location());
      boolean damaged = e.kind() == Kind.CORRUPT || e.kind() == Kind.NOT_FOUND;
      if (!damaged || (named && e.kind() == Kind.CORRUPT)) {
        throw e;
      }
      String below = e.location().isEmpty() ? "" : "/" + e.location();
      String place = named ? e.location() : location() + below;
      throw Kind.CORRUPT.failure(e.operation(), place, e.fact(), e);
    }
  }
}
