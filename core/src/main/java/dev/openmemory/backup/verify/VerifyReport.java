package dev.openmemory.backup.verify;

import dev.openmemory.backup.BackupName;
import java.util.List;

/**
 * What a verification found.
 *
 * @param digestsCompared false for a backup without a manifest, of which only the structure can be
 *     checked
 * @param problems empty when the backup is sound
 */
public record VerifyReport(
    BackupName name, boolean digestsCompared, List<Checked> files, List<Problem> problems) {

  /** Copies the lists. */
  public VerifyReport {
    files = List.copyOf(files);
    problems = List.copyOf(problems);
  }

  /** A file that was read to its end and found sound. */
  public record Checked(String file, long storedBytes, long plainBytes) {}

  /** One thing that is wrong, and in which file or component. */
  public record Problem(String subject, String message) {}

  /** Whether nothing is wrong. */
  public boolean ok() {
    return problems.isEmpty();
  }
}
