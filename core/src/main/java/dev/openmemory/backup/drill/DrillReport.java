package dev.openmemory.backup.drill;

import dev.openmemory.backup.BackupName;
import dev.openmemory.backup.Warning;
import dev.openmemory.backup.verify.VerifyReport.Problem;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What a drill found.
 *
 * @param restored components that were restored and checked, in order
 * @param seen what a Qdrant showed that was started on them; empty when none was, or when it failed
 * @param notBooted why none was started; empty when one was, or when there was nothing fit to start
 *     it on
 * @param problems what is wrong; empty unless {@link Outcome#FAILED}
 * @param recorded whether the {@link Proof} is kept beside the backup
 */
public record DrillReport(
    BackupName name,
    Outcome outcome,
    List<String> restored,
    Optional<Proof.Seen> seen,
    Optional<String> notBooted,
    List<Problem> problems,
    boolean recorded,
    List<Warning> warnings,
    Duration elapsed) {

  /** How much is proven. */
  public enum Outcome {
    /** It was restored, and a Qdrant that was started on it showed what it should. */
    PROVEN,
    /** It was restored and is sound as far as that can be seen without a Qdrant. */
    PARTLY,
    /** It cannot be restored, or not to what it states. */
    FAILED
  }

  /** Copies the lists. */
  public DrillReport {
    restored = List.copyOf(restored);
    problems = List.copyOf(problems);
    warnings = List.copyOf(warnings);
  }
}
