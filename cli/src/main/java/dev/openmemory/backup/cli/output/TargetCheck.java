package dev.openmemory.backup.cli.output;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.Backups;
import dev.openmemory.backup.Warning;
import dev.openmemory.backup.cli.advice.Advice;
import dev.openmemory.backup.internal.publish.UsedTargets;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.spi.ForwardingBackupTarget;
import dev.openmemory.backup.spi.ReportsPresence;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What the doctor sees of the place where backups go.
 *
 * @param location redacted
 * @param backups how many there are; empty if that is not known
 * @param isNew whether it is not there, and the first backup makes it
 * @param removed what killed runs had left there
 * @param problem why it cannot be used
 */
public record TargetCheck(
    String location,
    Optional<Integer> backups,
    boolean isNew,
    List<String> removed,
    Optional<String> problem) {
  /** The code of the warning for a target that cannot be used. */
  private static final String UNUSABLE = "target-unusable";

  /** Asks the target of that home, which may take a while when it is out of reach. */
  public static TargetCheck of(Backups backups, BackupTarget target, Path home) throws IOException {
    String location = target.location();
    try {
      new UsedTargets(home, warning -> {}).requireStillThere(target);
      if (isNew(target)) {
        return new TargetCheck(location, Optional.of(0), true, List.of(), Optional.empty());
      }
      List<String> removed = backups.sweepLeftovers();
      return new TargetCheck(
          location, Optional.of(backups.list().size()), false, removed, Optional.empty());
    } catch (BackupException e) {
      e.throwIfCancelled();
      return new TargetCheck(
          location, Optional.empty(), false, List.of(), Optional.of(Advice.explained(e)));
    }
  }

  private static boolean isNew(BackupTarget target) throws IOException {
    Optional<ReportsPresence> place = ForwardingBackupTarget.power(target, ReportsPresence.class);
    return place.isPresent() && !place.get().isThere() && place.get().canBeMade();
  }

  public Optional<Warning> warning() {
    return problem.map(text -> new Warning(UNUSABLE, text));
  }
}
