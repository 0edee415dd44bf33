package dev.openmemory.backup.cli.command;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.BackupSummary;
import dev.openmemory.backup.Backups;
import dev.openmemory.backup.Installation;
import dev.openmemory.backup.RestoreReport;
import dev.openmemory.backup.RestoreRequest;
import dev.openmemory.backup.Warning;
import dev.openmemory.backup.cli.output.ExitCodes;
import dev.openmemory.backup.cli.output.Listing;
import dev.openmemory.backup.cli.output.StoppedText;
import dev.openmemory.backup.cli.settings.InstallationFinder;
import dev.openmemory.backup.cli.settings.InstallationOptions;
import dev.openmemory.backup.cli.settings.LiveStorage;
import dev.openmemory.backup.cli.settings.Session;
import dev.openmemory.backup.cli.settings.VectorsChoice;
import dev.openmemory.backup.cli.settings.warning.UnreportedWarnings;
import dev.openmemory.backup.docker.Discovery;
import dev.openmemory.backup.migration.MigrationReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
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
    description = "Restore a backup over the current data. The current data is saved first.")
public final class RestoreCommand implements Callable<Integer> {
  private static final List<String> PLACES =
      List.of(
          "--db",
          "--config-json",
          "--storage-path",
          "--volume",
          "--container",
          "--project",
          "--qdrant-url");

  private final Session session;

  @SuppressWarnings("NullAway.Init") // picocli sets it.
  @Spec
  CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "NAME",
      description = "The backup, or 'latest'. Without a name the backups are listed.")
  @Nullable String name;

  @Mixin private InstallationOptions parts = new InstallationOptions();

  @Option(
      names = "--to",
      paramLabel = "DIR",
      description = "Restore into this new folder and touch nothing else.")
  @Nullable Path to;

  @Option(
      names = "--replace-collections",
      description =
          "Replace a collection even if its vector settings differ from the backup. A"
              + " safety snapshot is made first.")
  boolean replaceCollections;

  @Option(
      names = "--any-qdrant-version",
      description = "Restore vectors even if Qdrant's version does not match.")
  boolean anyQdrantVersion;

  @Option(names = "--yes", description = "Do not ask.")
  boolean yes;

  @Option(
      names = "--accept-mismatch",
      description =
          "Restore only the database or only the vectors, even if they do not match the rest.")
  boolean acceptMismatch;

  @Option(
      names = "--allow-empty-vectors",
      description = "Restore even if the backup has memories but no vectors.")
  boolean allowEmptyVectors;

  @Option(
      names = "--discard-previous",
      description = "Delete the previous data once the restore has succeeded.")
  boolean discardPrevious;

  @Option(names = "--dry-run", description = "Fetch and check everything, but change nothing.")
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
    Path home = home();
    return session.withBackups(
        (backups, location) -> {
          // First of all, and also when there is no such backup: a restore that was killed mixes
          // two
          // states.
          backups.recover(Installation.at(home)).forEach(session.terminal()::note);
          BackupSummary backup = session.find(backups, location, chosen);
          return restore(backups, backup, target(home, backup));
        });
  }

  /**
   * Where to restore to.
   *
   * @param noticed when it was looked for
   */
  private record Target(Installation installation, List<Warning> noticed) {}

  private int listChoices(Backups backups, String location) throws IOException {
    session.terminal().result(session.renderer().list(Listing.of(session.list(backups), location)));
    session.terminal().note("To restore one: openmemory-backup restore NAME (or: restore latest)");
    return ExitCodes.OK;
  }

  private int restore(Backups backups, BackupSummary backup, Target into) throws IOException {
    into.noticed().forEach(w -> session.terminal().note("warning: " + w.message()));
    if (!dryRun && !yes && to == null) {
      backups.checkRestore(backup.name(), into.installation(), request());
      String question =
          new RestoreQuestion(into.installation(), parts.only)
              .text(backup, session.host().clock().getZone(), discardPrevious);
      session.confirm(false, "restore", question);
    } else if (!dryRun && to == null) {
      StoppedText.tell(
          into.installation(), Set.copyOf(parts.only), discardPrevious, session.terminal()::note);
    }
    RestoreReport report = restored(backups, backup, into.installation());
    List<Warning> noticed = UnreportedWarnings.beyond(report.warnings(), into.noticed());
    Optional<MigrationReport> needs =
        dryRun || to != null
            ? Optional.empty()
            : ServerNeeds.of(
                session,
                () -> Optional.of(backups.migrationReport(backup.name(), into.installation())));
    session.terminal().result(session.renderer().restored(report, noticed, needs));
    return session.exitCode(Stream.concat(report.warnings().stream(), noticed.stream()).toList());
  }

  private RestoreRequest request() {
    return new RestoreRequest(
        Set.copyOf(parts.only),
        acceptMismatch || to != null,
        discardPrevious,
        dryRun,
        allowEmptyVectors,
        anyQdrantVersion);
  }

  private RestoreReport restored(Backups backups, BackupSummary backup, Installation installation)
      throws BackupException {
    try {
      return backups.restore(backup.name(), installation, request());
    } catch (BackupException e) {
      throw to == null ? e : inNewFolder(e);
    }
  }

  /** A new folder has no old state that could be lost: what is in it is of no use. */
  static BackupException inNewFolder(BackupException failure) {
    return failure.kind() == Kind.NOT_ROLLED_BACK
        ? Kind.FAILED.failure("restore --to", failure.location(), failure.fact(), failure)
        : failure;
  }

  private Target target(Path home, BackupSummary backup) throws IOException {
    parts.replaceCollections = replaceCollections;
    parts.anyQdrantVersion = anyQdrantVersion;
    VectorsChoice vectors = VectorsChoice.forRestore(parts, backup);
    if (to != null) {
      return new Target(
          vectors.snapshots().isPresent()
              ? Installation.inFolderWithSnapshots(home)
              : Installation.inFolder(home),
          List.of());
    }
    Discovery found = new InstallationFinder(session, parts, vectors, acceptMismatch).find();
    // A volume that is missing is made.
    List<Warning> noticed =
        found.warnings().stream().filter(w -> !w.code().equals("volume-missing")).toList();
    // Its writers are stopped, so a process that still has the storage open is not one of them.
    return new Target(LiveStorage.in(found.installation(), false), noticed);
  }

  private Path home() throws IOException {
    if (to == null) {
      return session.options().absoluteHome();
    }
    Path folder = to.toAbsolutePath().normalize();
    for (String place : PLACES) {
      if (spec.commandLine().getParseResult().hasMatchedOption(place)) {
        throw Kind.INVALID.failure(
            "restore --to", folder.toString(), place + " cannot be combined with --to");
      }
    }
    if (Files.exists(folder, LinkOption.NOFOLLOW_LINKS) && !isEmptyFolder(folder)) {
      throw Kind.INVALID.failure(
          "restore --to", folder.toString(), "exists and is not an empty folder");
    }
    return folder;
  }

  private static boolean isEmptyFolder(Path path) throws IOException {
    if (!Files.isDirectory(path)) {
      return false;
    }
    try (Stream<Path> entries = Files.list(path)) {
      return entries.findAny().isEmpty();
    }
  }
}
