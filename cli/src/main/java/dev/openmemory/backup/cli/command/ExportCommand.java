package dev.openmemory.backup.cli.command;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.BackupName;
import dev.openmemory.backup.Backups;
import dev.openmemory.backup.archive.ArchiveFormat;
import dev.openmemory.backup.archive.ArchiveReport;
import dev.openmemory.backup.cli.output.ExitCodes;
import dev.openmemory.backup.cli.settings.HomeFolder;
import dev.openmemory.backup.cli.settings.Session;
import dev.openmemory.backup.cli.terminal.Terminal;
import dev.openmemory.backup.export.ExportFormat;
import dev.openmemory.backup.export.ExportReport;
import dev.openmemory.backup.export.ExportRequest;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "export",
    description = "Write a backup as one tar archive, or one user's memories for other programs.")
final class ExportCommand implements Callable<Integer> {
  private static final String STANDARD_OUTPUT = "-";

  private final Session session;

  @Parameters(index = "0", paramLabel = "NAME", description = "The backup, or 'latest'.")
  String name = "";

  @Parameters(
      index = "1",
      paramLabel = "FILE",
      description = "The file to write; '-' is standard output.")
  String file = "";

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description =
          "tar, tar.gz, tar.zst: the whole backup (default: as FILE ends; tar for '-'). openmemory:"
              + " the zip of one user's memories that OpenMemory's own import accepts.")
  @Nullable String format;

  @Option(
      names = "--user",
      paramLabel = "ID",
      description =
          "With --format openmemory: the user to export (default: the only user with"
              + " memories).")
  @Nullable String user;

  ExportCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws IOException {
    boolean toOutput = file.equals(STANDARD_OUTPUT);
    if (toOutput && session.options().json) {
      throw Kind.INVALID.failure("export", "", "standard output holds either the file or JSON");
    }
    Optional<ArchiveFormat> archive = archiveFormat();
    return session.withBackups(
        (backups, location) -> {
          BackupName backup = session.find(backups, location, name).name();
          if (archive.isPresent()) {
            return carry(backups, backup, archive.get(), toOutput);
          }
          ExportRequest request =
              new ExportRequest(ExportFormat.OPENMEMORY, Optional.ofNullable(user));
          return toOutput ? toOutput(backups, backup, request) : toFile(backups, backup, request);
        });
  }

  /** Empty for one user's memories. */
  private Optional<ArchiveFormat> archiveFormat() throws BackupException {
    if ("openmemory".equalsIgnoreCase(format)) {
      return Optional.empty();
    }
    if (user != null && (format != null || named(file).isPresent())) {
      throw invalid("--user can only be used with --format openmemory");
    }
    if (format == null) {
      return Optional.of(
          named(file.equals(STANDARD_OUTPUT) ? ".tar" : file)
              .orElseThrow(
                  () ->
                      invalid(
                          "'"
                              + file
                              + "' ends neither with .tar nor with .tar.gz, .tgz, .tar.zst or"
                              + " .tzst, and --format is not given")));
    }
    return Optional.of(
        named("." + format)
            .orElseThrow(
                () ->
                    invalid(
                        "--format is tar, tar.gz, tar.zst or openmemory, and not '"
                            + format
                            + "'")));
  }

  private static Optional<ArchiveFormat> named(String file) {
    String lower = file.toLowerCase(Locale.ROOT);
    if (lower.endsWith(".tar.gz") || lower.endsWith(".tgz")) {
      return Optional.of(ArchiveFormat.TAR_GZ);
    }
    if (lower.endsWith(".tar.zst") || lower.endsWith(".tzst")) {
      return Optional.of(ArchiveFormat.TAR_ZST);
    }
    return lower.endsWith(".tar") ? Optional.of(ArchiveFormat.TAR) : Optional.empty();
  }

  private static BackupException invalid(String fact) {
    return Kind.INVALID.failure("export", "", fact);
  }

  private int carry(Backups backups, BackupName backup, ArchiveFormat archive, boolean toOutput)
      throws IOException {
    Terminal terminal = session.terminal();
    if (!toOutput) {
      Path path = HomeFolder.path(file).toAbsolutePath().normalize();
      ArchiveReport report = backups.exportArchive(backup, archive, path);
      terminal.result(session.renderer().carried(report, path.toString()));
      return ExitCodes.OK;
    }
    BufferedOutputStream out = new BufferedOutputStream(terminal.bytes());
    ArchiveReport report = backups.exportArchive(backup, archive, out);
    requireArrived();
    terminal.error(session.renderer().carried(report, STANDARD_OUTPUT));
    return ExitCodes.OK;
  }

  private void requireArrived() throws BackupException {
    if (!session.terminal().arrived()) {
      throw Kind.FAILED.failure("export", "", "standard output did not take all of it");
    }
  }

  private int toFile(Backups backups, BackupName backup, ExportRequest request) throws IOException {
    Path path = HomeFolder.path(file).toAbsolutePath().normalize();
    ExportReport report = backups.exportMemories(backup, request, path);
    session.terminal().result(session.renderer().exported(report, path.toString()));
    return exitCode(report);
  }

  private int toOutput(Backups backups, BackupName backup, ExportRequest request)
      throws IOException {
    Terminal terminal = session.terminal();
    BufferedOutputStream out = new BufferedOutputStream(terminal.bytes());
    ExportReport report = backups.exportMemories(backup, request, out);
    requireArrived();
    terminal.error(session.renderer().exported(report, STANDARD_OUTPUT));
    return exitCode(report);
  }

  private static int exitCode(ExportReport report) {
    return report.ok() ? ExitCodes.OK : ExitCodes.WARNINGS;
  }
}
