package dev.openmemory.backup.cli;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.BackupSummary;
import dev.openmemory.backup.Backups;
import dev.openmemory.backup.Installation;
import dev.openmemory.backup.Manifest.Component;
import dev.openmemory.backup.RestoreReport;
import dev.openmemory.backup.RestoreRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "restore",
    description = "Put a backup in the place of the present state, which is kept.")
final class RestoreCommand implements Callable<Integer> {
  private static final Map<String, String> COMPONENT_OF_TYPE =
      Map.of("sqlite", "database", "config", "config", "directory", "vectors");

  private final Session session;

  @SuppressWarnings("NullAway.Init") // picocli sets it.
  @Spec
  CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "NAME",
      description = "The backup, or 'latest'. Without it the backups are listed.")
  @Nullable String name;

  @Mixin private InstallationOptions parts = new InstallationOptions();

  @Option(
      names = "--to",
      paramLabel = "DIR",
      description = "Restore into this new folder and touch nothing else.")
  @Nullable Path to;

  @Option(names = "--yes", description = "Do not ask.")
  boolean yes;

  @Option(
      names = "--accept-mismatch",
      description = "Accept a database without its vectors, or the reverse.")
  boolean acceptMismatch;

  @Option(
      names = "--discard-previous",
      description = "Delete the state from before once the restore has succeeded.")
  boolean discardPrevious;

  @Option(names = "--dry-run", description = "Fetch and check everything, then change nothing.")
  boolean dryRun;

  RestoreCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws IOException {
    String chosen = name;
    if (chosen == null) {
      return session.withBackups(this::listChoices);
    }
    Installation installation = installation();
    return session.withBackups(
        (backups, location) -> {
          // First of all, and also when there is no such backup: what died half way mixes two
          // states.
          backups.recover(installation).forEach(session.terminal()::note);
          return restore(backups, session.find(backups, location, chosen), installation);
        });
  }

  private int listChoices(Backups backups, String location) throws IOException {
    session.terminal().result(session.renderer().list(backups.list(), location));
    session.terminal().note("To restore one: openmemory-backup restore NAME (or: restore latest)");
    return ExitCodes.OK;
  }

  private int restore(Backups backups, BackupSummary backup, Installation installation)
      throws IOException {
    if (!dryRun && to == null) {
      session.confirm(yes, "restore", question(backup, installation));
    }
    RestoreReport report =
        backups.restore(
            backup.name(),
            installation,
            new RestoreRequest(
                Set.copyOf(parts.only), acceptMismatch || to != null, discardPrevious, dryRun));
    session.terminal().result(session.renderer().restored(report));
    return report.warnings().isEmpty() ? ExitCodes.OK : ExitCodes.WARNINGS;
  }

  private Installation installation() throws IOException {
    if (to == null) {
      return parts.at(session.options().absoluteHome());
    }
    for (String place : List.of("--db", "--config-json", "--storage-path")) {
      if (spec.commandLine().getParseResult().hasMatchedOption(place)) {
        throw new BackupException(
            Kind.INVALID,
            "restore --to",
            to.toString(),
            "a folder of its own has places of its own; " + place + " does not go with it");
      }
    }
    Path folder = to.toAbsolutePath().normalize();
    if (Files.exists(folder, LinkOption.NOFOLLOW_LINKS) && !isEmptyFolder(folder)) {
      throw new BackupException(
          Kind.INVALID, "restore --to", folder.toString(), "exists and is not an empty folder");
    }
    return Installation.inFolder(folder);
  }

  private static boolean isEmptyFolder(Path path) throws IOException {
    if (!Files.isDirectory(path)) {
      return false;
    }
    try (Stream<Path> entries = Files.list(path)) {
      return entries.findAny().isEmpty();
    }
  }

  private String question(BackupSummary backup, Installation installation) {
    Table table = new Table();
    Optional<Set<String>> inBackup =
        backup
            .manifest()
            .map(m -> m.components().stream().map(Component::component))
            .map(names -> names.collect(Collectors.toSet()));
    for (Installation.Part part : installation.parts()) {
      String component = COMPONENT_OF_TYPE.getOrDefault(part.type(), part.type());
      if ((parts.only.isEmpty() || parts.only.contains(component))
          && inBackup.map(names -> names.contains(component)).orElse(true)) {
        table.row(component, part.options().getOrDefault("path", ""));
      }
    }
    return "Backup "
        + backup.name()
        + " ("
        + Units.dateTime(backup.created(), session.host().clock().getZone())
        + ") will replace\n"
        + String.join("\n", table.lines("  "))
        + "\n"
        + (discardPrevious
            ? "What is there now will be DELETED (--discard-previous)."
            : "What is there now will be kept beside it.");
  }
}
