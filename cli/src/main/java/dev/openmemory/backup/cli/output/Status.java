package dev.openmemory.backup.cli.output;

import dev.openmemory.backup.BackupSummary;
import dev.openmemory.backup.BackupSummary.State;
import dev.openmemory.backup.Warning;
import dev.openmemory.backup.docker.Discovery.Finding;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Where the data and the backups of an installation are.
 *
 * @param home the OpenMemory folder
 * @param found where each part was found or looked for
 * @param missing parts that a backup would fail for
 * @param notAsked why no engine was asked
 * @param stores where backups go
 */
public record Status(
    Path home,
    List<Finding> found,
    List<Warning> missing,
    Optional<String> notAsked,
    List<Store> stores) {
  private static final String NO_DATABASE = "database-missing";

  /** Copies the lists. */
  public Status {
    found = List.copyOf(found);
    missing = List.copyOf(missing);
    stores = List.copyOf(stores);
  }

  /** Whether there is a database, without which there is nothing to back up. */
  public boolean hasData() {
    return missing.stream().noneMatch(warning -> warning.code().equals(NO_DATABASE));
  }

  /** Whether there is a backup to restore. */
  public boolean hasBackup() {
    return stores.stream().anyMatch(store -> store.newest().isPresent());
  }

  /**
   * A place where backups are.
   *
   * @param location redacted
   * @param backups how many there are
   * @param unusable how many of them are damaged or not complete
   * @param newest of the others
   * @param problem why it cannot be read
   */
  public record Store(
      String location,
      int backups,
      int unusable,
      Optional<BackupSummary> newest,
      Optional<String> problem) {
    /** What a list of its backups says. */
    public static Store of(String location, List<BackupSummary> backups) {
      List<BackupSummary> usable = backups.stream().filter(Store::isUsable).toList();
      return new Store(
          location,
          backups.size(),
          backups.size() - usable.size(),
          usable.stream().max(Comparator.comparing(BackupSummary::created)),
          Optional.empty());
    }

    private static boolean isUsable(BackupSummary backup) {
      return backup.state() == State.COMPLETE || backup.state() == State.UNVERIFIED;
    }
  }
}
