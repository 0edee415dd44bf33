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
 * @param quiesce how the installation's writers are held, where they are known
 * @param spool whether what can only be read while they are held is first copied to a temporary
 *     file, so that a slow target does not prolong that
 */
public record BackupRequest(
    Optional<BackupName> name,
    Set<String> only,
    boolean allowEmptyVectors,
    Quiesce quiesce,
    boolean spool) {
  /** Everything, under a generated name, with writers paused. */
  public static final BackupRequest STANDARD =
      new BackupRequest(Optional.empty(), Set.of(), false, Quiesce.PAUSE, false);

  /** Copies the set. */
  public BackupRequest {
    only = Set.copyOf(only);
  }

  /** The standard one under the name. */
  public static BackupRequest named(String name) throws BackupException {
    return STANDARD.withName(BackupName.parse(name));
  }

  /** The same under the name. */
  public BackupRequest withName(BackupName chosen) {
    return new BackupRequest(Optional.of(chosen), only, allowEmptyVectors, quiesce, spool);
  }

  /** The same of these components alone. */
  public BackupRequest withOnly(Set<String> components) {
    return new BackupRequest(name, components, allowEmptyVectors, quiesce, spool);
  }

  /** The same, accepting memories without vectors. */
  public BackupRequest allowingEmptyVectors() {
    return new BackupRequest(name, only, true, quiesce, spool);
  }

  /** The same with writers held in that way. */
  public BackupRequest withQuiesce(Quiesce how) {
    return new BackupRequest(name, only, allowEmptyVectors, how, spool);
  }

  /** The same, copying to a temporary file first. */
  public BackupRequest spooled() {
    return new BackupRequest(name, only, allowEmptyVectors, quiesce, true);
  }
}
