package dev.openmemory.backup.cli.settings;

import dev.openmemory.backup.Backups;
import dev.openmemory.backup.Manifest.Component;
import dev.openmemory.backup.Warning;
import dev.openmemory.backup.docker.Discovery;
import dev.openmemory.backup.docker.Discovery.Finding;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a backup would fail for; a restore may well be what brings it. */
public final class MissingParts {
  private static final Set<String> VECTORS =
      Set.of("directory", "qdrant-volume", "qdrant-snapshot");

  private static final String NO_VECTORS = "vectors-missing";

  private MissingParts() {}

  /** Without a missing configuration, which costs no backup. */
  public static List<Warning> in(Discovery found, Backups backups) throws IOException {
    List<Warning> problems =
        backups.preflight(found.installation()).stream()
            .filter(problem -> !problem.code().equals("config-missing"))
            .toList();
    if (found.installation().parts().stream().anyMatch(p -> VECTORS.contains(p.type()))) {
      return problems;
    }
    return Stream.concat(
            problems.stream().filter(problem -> !problem.code().equals(NO_VECTORS)),
            Stream.of(
                new Warning(
                    NO_VECTORS,
                    "the vectors cannot be backed up: "
                        + place(found)
                        + "; --volume, --container or --storage-path names their place")))
        .toList();
  }

  private static String place(Discovery found) {
    return found.findings().stream()
        .filter(f -> f.subject().equals(Component.VECTORS))
        .map(Finding::place)
        .collect(Collectors.joining(", "));
  }
}
