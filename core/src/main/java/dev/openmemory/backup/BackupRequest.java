package dev.openmemory.backup;

import java.util.Optional;
import java.util.Set;

/**
 * How a backup is to be made.
 *
 * @param name or empty for a {@linkplain BackupName#generated generated} one
 * @param only the components to take; empty for all
 * @param allowEmptyVectors whether an empty or missing vector store beside active memories is
 *     accepted
 */
public record BackupRequest(
    Optional<BackupName> name, Set<String> only, boolean allowEmptyVectors) {
  /** Everything, under a generated name. */
  public static final BackupRequest STANDARD = new BackupRequest(Optional.empty(), Set.of(), false);

  /** Copies the set. */
  public BackupRequest {
    only = Set.copyOf(only);
  }

  /** Everything, under the name. */
  public static BackupRequest named(String name) throws BackupException {
    return new BackupRequest(Optional.of(BackupName.parse(name)), Set.of(), false);
  }
}
