package dev.openmemory.backup.cli.command;

import dev.openmemory.backup.BackupSummary;
import dev.openmemory.backup.Installation;
import dev.openmemory.backup.Installation.Part;
import dev.openmemory.backup.Manifest.Component;
import dev.openmemory.backup.cli.output.StoppedText;
import dev.openmemory.backup.cli.output.Table;
import dev.openmemory.backup.cli.output.Units;
import java.time.ZoneId;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What a person agrees to before a restore. */
final class RestoreQuestion {
  private static final Map<String, String> COMPONENT_OF_TYPE =
      Map.of(
          "sqlite", Component.DATABASE,
          "sqlite-container", Component.DATABASE,
          "config", Component.CONFIG,
          "config-container", Component.CONFIG,
          "directory", Component.VECTORS,
          "qdrant-volume", Component.VECTORS,
          "qdrant-snapshot", Component.VECTORS);

  private final Installation installation;
  private final Set<String> only;

  /**
   * Asks about an installation.
   *
   * @param only the components that are wanted; empty for all
   */
  RestoreQuestion(Installation installation, Set<String> only) {
    this.installation = installation;
    this.only = Set.copyOf(only);
  }

  String text(BackupSummary backup, ZoneId zone, boolean discardPrevious) {
    return "Backup "
        + backup.name()
        + " ("
        + Units.dateTime(backup.created(), zone)
        + ") will replace\n"
        + String.join("\n", places(backup).lines("  "))
        + "\n"
        + StoppedText.of(installation, only, discardPrevious)
        + (discardPrevious
            ? "What is there now will be DELETED (--discard-previous)."
            : "What is there now will be kept." + withoutUndo());
  }

  private String withoutUndo() {
    return installation.parts().stream().anyMatch(part -> part.type().equals("qdrant-snapshot"))
        ? " 'undo' cannot put it back, because the vectors are restored from snapshots."
        : "";
  }

  private Table places(BackupSummary backup) {
    Optional<Set<String>> inBackup =
        backup
            .manifest()
            .map(m -> m.components().stream().map(Component::component))
            .map(names -> names.collect(Collectors.toSet()));
    Table table = new Table();
    for (Part part : installation.parts()) {
      String component = COMPONENT_OF_TYPE.getOrDefault(part.type(), part.type());
      if ((only.isEmpty() || only.contains(component))
          && inBackup.map(names -> names.contains(component)).orElse(true)) {
        table.row(component, place(part.options()));
      }
    }
    return table;
  }

  private static String place(Map<String, String> options) {
    if (options.containsKey("urls")) {
      return "the collections of Qdrant at " + options.get("urls").replace(",", ", ");
    }
    String path = options.getOrDefault("path", "");
    String inContainer =
        options.containsKey("container")
            ? "container " + options.get("container") + ":" + path
            : path;
    if (!options.containsKey("volume")) {
      return inContainer;
    }
    String volume = "volume " + options.get("volume");
    return inContainer.isEmpty() ? volume : volume + " (" + inContainer + ")";
  }
}
