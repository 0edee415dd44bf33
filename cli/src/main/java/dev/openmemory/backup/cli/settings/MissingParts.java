package dev.openmemory.backup.cli.settings;

import dev.openmemory.backup.Installation.Part;
import dev.openmemory.backup.Manifest.Component;
import dev.openmemory.backup.Warning;
import dev.openmemory.backup.docker.Discovery;
import dev.openmemory.backup.docker.Discovery.Finding;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What a backup would fail for; a restore may well be what brings it. */
public final class MissingParts {
  private static final Set<String> VECTORS =
      Set.of("directory", "qdrant-volume", "qdrant-snapshot");

  private MissingParts() {}

  public static List<Warning> in(Discovery found) {
    List<Warning> lacking = new ArrayList<>();
    for (Part part : found.installation().parts()) {
      String path = part.options().getOrDefault("path", "");
      boolean onThisHost = part.type().equals("sqlite") || part.type().equals("directory");
      if (onThisHost && !Files.exists(Path.of(path))) {
        boolean database = part.type().equals("sqlite");
        lacking.add(
            database
                ? new Warning("no-database", "there is no database " + path)
                : new Warning("no-vectors", "there is no directory " + path));
      }
    }
    boolean hasVectors =
        found.installation().parts().stream().anyMatch(p -> VECTORS.contains(p.type()));
    if (!hasVectors) {
      lacking.add(
          new Warning(
              "no-vectors",
              "the vectors cannot be backed up: "
                  + place(found)
                  + "; --volume, --container or --storage-path names their place"));
    }
    return lacking;
  }

  private static String place(Discovery found) {
    return found.findings().stream()
        .filter(f -> f.subject().equals(Component.VECTORS))
        .map(Finding::place)
        .collect(Collectors.joining(", "));
  }
}
