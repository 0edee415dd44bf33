package dev.openmemory.backup;

import java.util.Set;

/**
 * How a backup is to be restored.
 *
 * @param only the components to restore; empty for all that the backup has
 * @param acceptMismatch whether a database without its vectors (or the reverse) may be put in place
 * @param discardPrevious whether the state from before is deleted once the restore has succeeded
 * @param dryRun whether to stop after everything has been fetched and checked
 * @param allowEmptyVectors whether a backup with memories and an empty vector store may be put in
 *     place
 * @param anyQdrantVersion whether files of vectors may be put in place although the Qdrant there is
 *     known to be of a version that may not open them
 */
public record RestoreRequest(
    Set<String> only,
    boolean acceptMismatch,
    boolean discardPrevious,
    boolean dryRun,
    boolean allowEmptyVectors,
    boolean anyQdrantVersion) {
  /** Everything, keeping the state from before. */
  public static final RestoreRequest STANDARD =
      new RestoreRequest(Set.of(), false, false, false, false, false);

  /** Copies the set. */
  public RestoreRequest {
    only = Set.copyOf(only);
  }

  /** The same of these components alone; of all that the backup has when there are none. */
  public RestoreRequest withOnly(Set<String> components) {
    return new RestoreRequest(
        components, acceptMismatch, discardPrevious, dryRun, allowEmptyVectors, anyQdrantVersion);
  }

  /** The same, accepting a database without its vectors, or the reverse. */
  public RestoreRequest acceptingMismatch() {
    return new RestoreRequest(
        only, true, discardPrevious, dryRun, allowEmptyVectors, anyQdrantVersion);
  }

  /** The same, deleting the state from before once the restore has succeeded. */
  public RestoreRequest discardingPrevious() {
    return new RestoreRequest(
        only, acceptMismatch, true, dryRun, allowEmptyVectors, anyQdrantVersion);
  }

  /** The same, stopping after everything has been fetched and checked. */
  public RestoreRequest asDryRun() {
    return new RestoreRequest(
        only, acceptMismatch, discardPrevious, true, allowEmptyVectors, anyQdrantVersion);
  }

  /** The same, accepting memories with an empty vector store. */
  public RestoreRequest allowingEmptyVectors() {
    return new RestoreRequest(
        only, acceptMismatch, discardPrevious, dryRun, true, anyQdrantVersion);
  }

  /** The same, accepting a Qdrant that may not open the files of the vectors. */
  public RestoreRequest acceptingAnyQdrantVersion() {
    return new RestoreRequest(
        only, acceptMismatch, discardPrevious, dryRun, allowEmptyVectors, true);
  }
}
