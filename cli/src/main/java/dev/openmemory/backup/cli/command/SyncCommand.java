package dev.openmemory.backup.cli.command;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.BackupListener;
import dev.openmemory.backup.BackupName;
import dev.openmemory.backup.Backups;
import dev.openmemory.backup.Manifest;
import dev.openmemory.backup.cli.output.ExitCodes;
import dev.openmemory.backup.cli.output.text.TextRenderer;
import dev.openmemory.backup.cli.settings.Session;
import dev.openmemory.backup.cli.settings.encryption.PlainCopies;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.spi.ProviderOptions;
import dev.openmemory.backup.sync.SyncReport;
import dev.openmemory.backup.sync.SyncReport.Outcome;
import dev.openmemory.backup.sync.SyncReport.Synced;
import dev.openmemory.backup.sync.SyncRequest;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "sync",
    description = "Copy new and changed backups to another target and verify the copies.")
final class SyncCommand implements Callable<Integer> {
  private final Session session;

  @Parameters(
      index = "0",
      paramLabel = "DESTINATION",
      description = "Where to copy to: a directory or a URI. --target says where from.")
  String destination = "";

  @Parameters(
      index = "1..*",
      arity = "0..*",
      paramLabel = "NAME",
      description = "The backups, also 'latest' (default: all).")
  List<String> names = List.of();

  @Option(
      names = "--delete",
      description = "Delete backups at the destination that the source no longer has.")
  boolean delete;

  @Option(names = "--dry-run", description = "Show what would be done. Change nothing.")
  boolean dryRun;

  @Option(
      names = "--limit",
      paramLabel = "RATE",
      description = "Maximum bytes per second, such as 2MiB.")
  @Nullable String limit;

  @Option(names = "--no-verify", description = "Do not read back what was sent.")
  boolean noVerify;

  @Option(names = "--yes", description = "Do not ask.")
  boolean yes;

  @Mixin private PlainCopies plainCopies = new PlainCopies();

  SyncCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws IOException {
    OptionalLong bytesPerSecond = bytesPerSecond();
    if (delete && !names.isEmpty()) {
      throw Kind.INVALID.failure("sync", "", "either names or --delete can be given");
    }
    return session.withBackups(
        (backups, location) -> {
          try (BackupTarget target = session.open(destination)) {
            Set<BackupName> chosen = chosen(backups, location);
            return sync(
                backups,
                target,
                new SyncRequest(chosen, delete, dryRun, bytesPerSecond, !noVerify));
          }
        });
  }

  private int sync(Backups backups, BackupTarget target, SyncRequest request) throws IOException {
    if (delete && !dryRun && !yes) {
      confirmDeletion(backups, target);
    }
    SyncReport report = copy(backups, target, request);
    if (report.backups().isEmpty()) {
      // A disk that is not mounted looks so, and nothing off site is no success.
      throw Kind.NOT_FOUND.failure(
          "find backup",
          report.source(),
          "No backups in " + TextRenderer.place(report.source()) + ".");
    }
    report = withWarning(backups, report);
    session.terminal().result(session.renderer().synced(report));
    return report.ok() ? ExitCodes.OK : ExitCodes.WARNINGS;
  }

  /** Warns of what has just become readable at a remote destination. */
  private SyncReport withWarning(Backups backups, SyncReport report) throws IOException {
    List<String> place = List.of(report.destination());
    Set<BackupName> moved =
        report.backups().stream()
            .filter(b -> b.outcome() == Outcome.SENT || b.outcome() == Outcome.UPDATED)
            .map(Synced::name)
            .collect(Collectors.toSet());
    if (moved.isEmpty() || !plainCopies.concern(place)) {
      return report;
    }
    long plain =
        backups.list().stream()
            .filter(b -> moved.contains(b.name()))
            .filter(b -> b.manifest().flatMap(Manifest::encryption).isEmpty())
            .count();
    return plain == 0
        ? report
        : plainCopies
            .warning(plain == 1 ? "1 backup is" : plain + " backups are", place)
            .map(report::with)
            .orElse(report);
  }

  private static SyncReport copy(Backups backups, BackupTarget target, SyncRequest request)
      throws IOException {
    try {
      return backups.sync(target, request);
    } catch (BackupException e) {
      if (e.kind() != Kind.CANCELLED) {
        throw e;
      }
      throw Kind.CANCELLED.failure("sync", target.location(), e.fact(), e);
    }
  }

  private void confirmDeletion(Backups backups, BackupTarget target) throws IOException {
    SyncReport preview =
        backups
            .withListener(BackupListener.NONE)
            .sync(target, SyncRequest.STANDARD.deletingMissing().asDryRun());
    session.confirmDeletion(
        target.location(),
        "these backups will be deleted, because the source no longer has them",
        preview.backups().stream()
            .filter(b -> b.outcome() == Outcome.DELETED)
            .map(Synced::name)
            .map(BackupName::value)
            .toList());
  }

  private Set<BackupName> chosen(Backups backups, String location) throws IOException {
    Set<BackupName> chosen = new LinkedHashSet<>();
    for (String name : names) {
      chosen.add(session.find(backups, location, name).name());
    }
    return chosen;
  }

  private OptionalLong bytesPerSecond() throws BackupException {
    if (limit == null) {
      return OptionalLong.empty();
    }
    long size = new ProviderOptions("sync", Map.of("limit", limit)).size("limit", 0);
    if (size == 0) {
      throw Kind.INVALID.failure("options of sync", "", "'limit' is nothing: " + limit);
    }
    return OptionalLong.of(size);
  }
}
