package dev.openmemory.backup.cli.command;

import dev.openmemory.backup.BackupName;
import dev.openmemory.backup.archive.ImportReport;
import dev.openmemory.backup.archive.ImportRequest;
import dev.openmemory.backup.cli.settings.HomeFolder;
import dev.openmemory.backup.cli.settings.Session;
import dev.openmemory.backup.migration.MigrationReport;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "import",
    description = "Import backups from a tar archive made by 'export' or by the OpenMemory guide.")
final class ImportCommand implements Callable<Integer> {
  private final Session session;

  @Parameters(
      index = "0",
      paramLabel = "FILE",
      description = "The archive, plain, gzip or zstd; '-' is standard input.")
  String file = "";

  @Parameters(
      index = "1..*",
      arity = "0..*",
      paramLabel = "NAME",
      description = "The backups to import (default: all).")
  List<String> names = new ArrayList<>();

  @Option(names = "--as", paramLabel = "NAME", description = "Another name for its only backup.")
  @Nullable String as;

  ImportCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws IOException {
    ImportRequest request = request();
    return session.withBackups(
        (backups, location) -> {
          ImportReport report =
              file.equals("-")
                  ? backups.importArchive(session.host().in(), request)
                  : backups.importArchive(
                      HomeFolder.path(file).toAbsolutePath().normalize(), request);
          Optional<MigrationReport> needs =
              ServerNeeds.of(session, () -> ServerNeeds.ofNewest(session, backups, report));
          session.terminal().result(session.renderer().imported(report, needs));
          return session.exitCode(report.warnings());
        });
  }

  private ImportRequest request() throws IOException {
    Set<BackupName> chosen = new HashSet<>();
    for (String name : names) {
      chosen.add(BackupName.parse(name));
    }
    ImportRequest request = ImportRequest.STANDARD.withNames(chosen);
    return as == null ? request : request.withName(BackupName.parse(as));
  }
}
