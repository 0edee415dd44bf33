package dev.openmemory.backup.cli.output;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Backups;
import dev.openmemory.backup.Warning;
import dev.openmemory.backup.cli.advice.Advice;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * What the doctor sees of the place where backups go.
 *
 * @param location redacted
 * @param backups how many there are; empty if that is not known
 * @param removed what killed runs had left there
 * @param problem why it cannot be used
 */
public record TargetCheck(
    String location, Optional<Integer> backups, List<String> removed, Optional<String> problem) {
  /** The code of the warning for a target that cannot be used. */
  private static final String UNUSABLE = "target-unusable";

  /**
   * Asks the target, which may take a while when it is out of reach.
   *
   * @param mayBeMissing whether the first backup will make it
   */
  public static TargetCheck of(Backups backups, String location, boolean mayBeMissing)
      throws IOException {
    try {
      List<String> removed = backups.sweepLeftovers();
      return new TargetCheck(
          location, Optional.of(backups.list().size()), removed, Optional.empty());
    } catch (BackupException e) {
      if (e.kind() == Kind.CANCELLED) {
        throw e;
      }
      if (e.kind() == Kind.NOT_FOUND && mayBeMissing) {
        return new TargetCheck(location, Optional.of(0), List.of(), Optional.empty());
      }
      return new TargetCheck(
          location, Optional.empty(), List.of(), Optional.of(Advice.explained(e)));
    }
  }

  public Optional<Warning> warning() {
    return problem.map(text -> new Warning(UNUSABLE, text));
  }
}
