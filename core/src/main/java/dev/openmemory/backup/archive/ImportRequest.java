package dev.openmemory.backup.archive;

import dev.openmemory.backup.BackupName;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Which backups of an archive are to be taken in.
 *
 * @param names of the archive's backups; empty for all
 * @param as the name to give to the only backup; empty to keep that of the archive
 */
public record ImportRequest(Set<BackupName> names, Optional<BackupName> as) {
  /** All backups, by their names. */
  public static final ImportRequest STANDARD = new ImportRequest(Set.of(), Optional.empty());

  /** Copies the names. */
  public ImportRequest {
    names = Set.copyOf(names);
    Objects.requireNonNull(as);
  }

  /** The same of these backups alone; of all when there are none. */
  public ImportRequest withNames(Set<BackupName> chosen) {
    return new ImportRequest(chosen, as);
  }

  /** The same, giving the only backup another name. */
  public ImportRequest withName(BackupName name) {
    return new ImportRequest(names, Optional.of(name));
  }
}
