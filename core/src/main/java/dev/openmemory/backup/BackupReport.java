package dev.openmemory.backup;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A backup that was made.
 *
 * @param manifest as it was published; its warnings are those of the run
 * @param location the redacted place of the backup
 * @param elapsed time of the whole run
 * @param held who was held during the capture; empty when nobody was
 */
public record BackupReport(
    Manifest manifest, String location, Duration elapsed, Optional<Held> held) {

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
