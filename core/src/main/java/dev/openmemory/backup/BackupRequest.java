package dev.openmemory.backup;

import dev.openmemory.backup.prune.RetentionPolicy;
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
 * @param spool whether what can only be read while writers are held is first copied to the
 *     temporary folder, which makes the pause as short as it can be; what that folder has no room
 *     for goes to the target while they are held, with a warning
 * @param allowShrunk whether it is in order that much less is there than in the backup before
 * @param tags by which {@link RetentionPolicy#tags} knows it; each is a valid {@link BackupName}
 * @param newTarget whether it is in order that a target with earlier backups of the installation is
 *     missing or empty now
 */
public record BackupRequest(
    Optional<BackupName> name,
    Set<String> only,
    boolean allowEmptyVectors,
    Quiesce quiesce,
    boolean spool,
    boolean allowShrunk,
    Set<String> tags,
    boolean newTarget) {
  /** Everything, under a generated name, with writers paused for as long as a copy takes. */
  public static final BackupRequest STANDARD =
      new BackupRequest(
          Optional.empty(), Set.of(), false, Quiesce.PAUSE, true, false, Set.of(), false);

  /**
   * Copies the sets.
   *
   * @throws IllegalArgumentException when a tag is no valid name
   */
  public BackupRequest {
    only = Set.copyOf(only);
    tags = Set.copyOf(tags);
    tags.forEach(BackupName::new);
  }

  /** The standard one under the name. */
  public static BackupRequest named(String name) throws BackupException {
    return STANDARD.withName(BackupName.parse(name));
  }

  /** The same under the name. */
  public BackupRequest withName(BackupName chosen) {
    return new BackupRequest(
        Optional.of(chosen), only, allowEmptyVectors, quiesce, spool, allowShrunk, tags, newTarget);
  }

  /** The same of these components alone. */
  public BackupRequest withOnly(Set<String> components) {
    return new BackupRequest(
        name, components, allowEmptyVectors, quiesce, spool, allowShrunk, tags, newTarget);
  }

  /** The same, accepting memories without vectors. */
  public BackupRequest allowingEmptyVectors() {
    return new BackupRequest(name, only, true, quiesce, spool, allowShrunk, tags, newTarget);
  }

  /** The same with writers held in that way. */
  public BackupRequest withQuiesce(Quiesce how) {
    return new BackupRequest(
        name, only, allowEmptyVectors, how, spool, allowShrunk, tags, newTarget);
  }

  /** The same, without a copy in the temporary folder: the target may prolong the pause. */
  public BackupRequest streamed() {
    return new BackupRequest(
        name, only, allowEmptyVectors, quiesce, false, allowShrunk, tags, newTarget);
  }

  /** The same, taken for sound also when it holds much less than the one before. */
  public BackupRequest allowingShrunk() {
    return new BackupRequest(name, only, allowEmptyVectors, quiesce, spool, true, tags, newTarget);
  }

  /** The same with these tags. */
  public BackupRequest withTags(Set<String> given) {
    return new BackupRequest(
        name, only, allowEmptyVectors, quiesce, spool, allowShrunk, given, newTarget);
  }

  /** The same, also into a target that has lost its earlier backups. */
  public BackupRequest acceptingNewTarget() {
    return new BackupRequest(
        name, only, allowEmptyVectors, quiesce, spool, allowShrunk, tags, true);
  }
}
