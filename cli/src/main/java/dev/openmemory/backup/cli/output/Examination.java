package dev.openmemory.backup.cli.output;

import dev.openmemory.backup.Warning;
import dev.openmemory.backup.docker.Discovery;
import dev.openmemory.backup.undo.SetAside;
import dev.openmemory.backup.verify.CrossCheck;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What the doctor sees.
 *
 * @param home the OpenMemory folder
 * @param found where everything is
 * @param notAsked why no engine was asked
 * @param warnings of all that was looked at
 * @param targets where backups go
 * @param crossCheck whether memories and vectors belong together
 * @param notCompared why that is not known
 * @param setAside what restores have set aside
 * @param recovered what a killed run had left and was repaired now
 */
public record Examination(
    Path home,
    Discovery found,
    Optional<String> notAsked,
    List<Warning> warnings,
    List<TargetCheck> targets,
    Optional<CrossCheck> crossCheck,
    Optional<String> notCompared,
    List<SetAside> setAside,
    List<String> recovered) {
  /** Copies the lists. */
  public Examination {
    warnings = List.copyOf(warnings);
    targets = List.copyOf(targets);
    setAside = List.copyOf(setAside);
    recovered = List.copyOf(recovered);
  }
}
