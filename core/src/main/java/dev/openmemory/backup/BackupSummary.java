package dev.openmemory.backup;

import dev.openmemory.backup.drill.Proof;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A backup as it is found in a target.
 *
 * @param created the end of the captured instant, or for a backup without a usable manifest when
 *     its newest file was written
 * @param storedBytes what its files take in the target
 * @param files names of its files
 * @param manifest empty unless {@link State#COMPLETE}
 * @param problem why it is {@link State#DAMAGED}, or why its data is not complete: memories without
 *     vectors, for example
 * @param pinned since when no deletion may take it, if it is {@linkplain Backups#pin pinned}
 * @param proof that it was restored once, if a drill has proven this very backup; see {@link
 *     Backups#drill}
 */
public record BackupSummary(
    BackupName name,
    State state,
    Instant created,
    long storedBytes,
    List<String> files,
    Optional<Manifest> manifest,
    Optional<String> problem,
    Optional<Proof> proof,
    Optional<Instant> pinned) {

  /** The object in the folder of a backup that pins it, whatever is in it. */
  public static final String PIN_FILE_NAME = "pinned.json";

  /** How much a backup can be trusted before it has been verified. */
  public enum State {
    /** It has a manifest, so it was finished. */
    COMPLETE,
    /** Made by the guide's scripts or by hand: no manifest, no digests. */
    UNVERIFIED,
    /** It has a manifest that cannot be used. */
    DAMAGED
  }

  /** Copies the list. */
  public BackupSummary {
    files = List.copyOf(files);
  }

  /** The same with another manifest. */
  public BackupSummary with(Manifest changed) {
    return new BackupSummary(
        name, state, created, storedBytes, files, Optional.of(changed), problem, proof, pinned);
  }

  /** Whether it was made although it holds much less than the one before; see {@link Warning}. */
  public boolean suspicious() {
    return manifest.stream()
        .flatMap(m -> m.warnings().stream())
        .anyMatch(warning -> warning.code().equals(Warning.SHRUNK));
  }
}
