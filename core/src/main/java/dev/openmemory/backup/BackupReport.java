package dev.openmemory.backup;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A backup that was made.
 *
 * @param manifest as it was published, so of an encrypted backup without what only the owner of a
 *     key may know; its warnings are those of the run
 * @param locations the redacted places of the backup, at least one, in the order of the targets
 * @param missed the targets that it did not get to; what stays in one that cannot be cleared any
 *     more is never listed, and goes with the next run there
 * @param elapsed time of the whole run
 * @param held the writers that were paused during the capture; empty when none was
 * @param lateWarnings what went wrong after the manifest was written, which does not have them: the
 *     backup is complete, but something such as a temporary file, a lock or a snapshot on the
 *     server stays
 */
public record BackupReport(
    Manifest manifest,
    List<String> locations,
    List<Missed> missed,
    Duration elapsed,
    Optional<Held> held,
    List<Warning> lateWarnings) {

  /** Copies the lists. */
  public BackupReport {
    locations = List.copyOf(locations);
    missed = List.copyOf(missed);
    lateWarnings = List.copyOf(lateWarnings);
  }

  /** The same with one more late warning. */
  public BackupReport with(Warning late) {
    List<Warning> all = Stream.concat(lateWarnings.stream(), Stream.of(late)).toList();
    return new BackupReport(manifest, locations, missed, elapsed, held, all);
  }

  /** The first of the places. */
  public String location() {
    return locations.get(0);
  }

  /** Whether it is in all the targets that it was meant for. */
  public boolean isEverywhere() {
    return missed.isEmpty();
  }

  /**
   * A target that the backup did not get to.
   *
   * @param location of the target, redacted
   */
  public record Missed(String location, BackupException reason) {}

  /**
   * Writers that were held.
   *
   * @param writers by name, in the order in which they were held
   * @param how not {@code NONE}
   * @param time for which they were held, from before the first was until the last ran again
   */
  public record Held(List<String> writers, Quiesce how, Duration time) {
    /** Copies the list. */
    public Held {
      writers = List.copyOf(writers);
    }
  }
}
