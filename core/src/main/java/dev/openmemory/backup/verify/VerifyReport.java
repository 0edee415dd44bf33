package dev.openmemory.backup.verify;

import dev.openmemory.backup.BackupName;
import java.util.List;
import java.util.OptionalLong;

/**
 * What a verification found.
 *
 * @param digestsCompared false for a backup without a manifest, of which only the structure can be
 *     checked
 * @param storedBytesOnly whether it is encrypted and no key was given, so that only the stored
 *     bytes were compared with the manifest, and nothing is known of the content
 * @param problems empty when the backup is sound
 */
public record VerifyReport(
    BackupName name,
    boolean digestsCompared,
    boolean storedBytesOnly,
    List<Checked> files,
    List<Problem> problems) {

  /** Copies the lists. */
  public VerifyReport {
    files = List.copyOf(files);
    problems = List.copyOf(problems);
  }

  /**
   * A file that was read to its end and found sound.
   *
   * @param plainBytes empty when only the stored bytes were read
   */
  public record Checked(String file, long storedBytes, OptionalLong plainBytes) {}

  /** One thing that is wrong, and in which file or component. */
  public record Problem(String subject, String message) {}

  /** Whether nothing is wrong. */
  public boolean ok() {
    return problems.isEmpty();
  }
}
