package dev.openmemory.backup.cli;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.BackupName;
import dev.openmemory.backup.Backups;
import dev.openmemory.backup.ExportFormat;
import dev.openmemory.backup.ExportReport;
import dev.openmemory.backup.ExportRequest;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "export",
    description = "Write one user's memories of a backup to a file that other programs read.")
final class ExportCommand implements Callable<Integer> {
  private static final String STANDARD_OUTPUT = "-";

  private final Session session;

  @Parameters(index = "0", paramLabel = "NAME", description = "The backup, or 'latest'.")
  String name = "";

  @Parameters(
      index = "1",
      paramLabel = "FILE",
      description = "The file to make; '-' is standard output.")
  String file = "";

  @Option(
      names = "--format",
      required = true,
      paramLabel = "FORMAT",
      description = "openmemory: the zip that OpenMemory's own import takes.")
  ExportFormat format = ExportFormat.OPENMEMORY;

  @Option(
      names = "--user",
      paramLabel = "ID",
      description = "Whose memories (default: the only user who has any).")
  @Nullable String user;

  ExportCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws IOException {
    boolean toOutput = file.equals(STANDARD_OUTPUT);
    if (toOutput && session.options().json) {
      throw new BackupException(
          Kind.INVALID, "export", "", "standard output holds either the file or JSON");
    }
    return session.withBackups(
        (backups, location) -> {
          BackupName backup = session.find(backups, location, name).name();
          ExportRequest request = new ExportRequest(format, Optional.ofNullable(user));
          return toOutput ? toOutput(backups, backup, request) : toFile(backups, backup, request);
        });
  }

  private int toFile(Backups backups, BackupName backup, ExportRequest request) throws IOException {
    Path path = Path.of(file).toAbsolutePath().normalize();
    ExportReport report = backups.export(backup, request, path);
    session.terminal().result(session.renderer().exported(report, path.toString()));
    return exitCode(report);
  }

  private int toOutput(Backups backups, BackupName backup, ExportRequest request)
      throws IOException {
    Terminal terminal = session.terminal();
    BufferedOutputStream out = new BufferedOutputStream(terminal.bytes());
    ExportReport report = backups.export(backup, request, out);
    if (!terminal.arrived()) {
      throw new BackupException(
          Kind.FAILED, "export", "", "standard output did not take all of it");
    }
    terminal.error(session.renderer().exported(report, STANDARD_OUTPUT));
    return exitCode(report);
  }

  private static int exitCode(ExportReport report) {
    return report.ok() ? ExitCodes.OK : ExitCodes.WARNINGS;
  }
}
