package dev.openmemory.backup.prune;

import java.util.Objects;
import java.util.Optional;

/**
 * What is to be pruned, and which of the brakes are released. Immutable.
 *
 * @param policy what is kept
 * @param installationId only its backups are pruned; empty for all installations
 * @param dryRun whether only to say what would be removed
 * @param includeUnverified whether backups without a manifest, as the guide's scripts make them,
 *     are pruned too: as a group of their own, by the time of their newest file
 * @param allowDeleteAll whether the policy may leave an installation without any backup
 * @param allowDeleteProven whether the last backup that a drill has proven may go
 * @param allowSuspicious whether to prune although the newest backup is {@linkplain
 *     dev.openmemory.backup.BackupSummary#suspicious suspicious}
 */
public record PruneRequest(
    RetentionPolicy policy,
    Optional<String> installationId,
    boolean dryRun,
    boolean includeUnverified,
    boolean allowDeleteAll,
    boolean allowDeleteProven,
    boolean allowSuspicious) {

  /** Checks for null. */
  public PruneRequest {
    Objects.requireNonNull(policy);
  }

  /** Prunes by the policy, with all brakes on. */
  public static PruneRequest by(RetentionPolicy policy) {
    return new PruneRequest(policy, Optional.empty(), false, false, false, false, false);
  }

  /** The same of the backups of one installation alone. */
  public PruneRequest withInstallation(String id) {
    return new PruneRequest(
        policy,
        Optional.of(id),
        dryRun,
        includeUnverified,
        allowDeleteAll,
        allowDeleteProven,
        allowSuspicious);
  }

  /** The same, only saying what would be done. */
  public PruneRequest asDryRun() {
    return new PruneRequest(
        policy,
        installationId,
        true,
        includeUnverified,
        allowDeleteAll,
        allowDeleteProven,
        allowSuspicious);
  }

  /** The same, with backups that have no manifest. */
  public PruneRequest includingUnverified() {
    return new PruneRequest(
        policy, installationId, dryRun, true, allowDeleteAll, allowDeleteProven, allowSuspicious);
  }

  /** The same, which may leave an installation without any backup. */
  public PruneRequest allowingDeleteAll() {
    return new PruneRequest(
        policy,
        installationId,
        dryRun,
        includeUnverified,
        true,
        allowDeleteProven,
        allowSuspicious);
  }

  /** The same, which may remove the last backup that a drill has proven. */
  public PruneRequest allowingDeleteProven() {
    return new PruneRequest(
        policy, installationId, dryRun, includeUnverified, allowDeleteAll, true, allowSuspicious);
  }

  /** The same, also when the newest backup is suspicious. */
  public PruneRequest allowingSuspicious() {
    return new PruneRequest(
        policy, installationId, dryRun, includeUnverified, allowDeleteAll, allowDeleteProven, true);
  }
}
