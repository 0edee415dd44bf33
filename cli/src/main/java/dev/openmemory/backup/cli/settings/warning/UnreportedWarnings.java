package dev.openmemory.backup.cli.settings.warning;

import dev.openmemory.backup.Warning;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What was noticed when the installation was looked for. */
public final class UnreportedWarnings {
  private UnreportedWarnings() {}

  /** Only what the run itself has not warned of. */
  public static List<Warning> beyond(List<Warning> ofRun, List<Warning> noticed) {
    Set<String> reported = ofRun.stream().map(Warning::code).collect(Collectors.toSet());
    return noticed.stream().filter(w -> !reported.contains(w.code())).toList();
  }
}
