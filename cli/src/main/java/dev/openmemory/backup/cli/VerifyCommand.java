package dev.openmemory.backup.cli;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.BackupSummary;
import dev.openmemory.backup.Backups;
import dev.openmemory.backup.VerifyReport;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "verify",
    description = "Read every byte of a backup and compare digests and structure.")
final class VerifyCommand implements Callable<Integer> {
  private final Session session;

  @Parameters(arity = "0..1", paramLabel = "NAME", description = "The backup (default: latest).")
  @Nullable String name;

  @Option(names = "--all", description = "All backups of the target.")
  boolean all;

  VerifyCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws IOException {
    if (all && name != null) {
      throw new BackupException(
          Kind.INVALID, "verify", name, "either a name or --all can be given");
    }
    return session.withBackups(this::verify);
  }

  private int verify(Backups backups, String location) throws IOException {
    List<VerifyReport> reports = new ArrayList<>();
    for (BackupSummary backup : chosen(backups, location)) {
      reports.add(backups.verify(backup.name()));
    }
    session.terminal().result(session.renderer().verified(reports));
    return reports.stream().allMatch(VerifyReport::ok)
        ? ExitCodes.OK
        : ExitCodes.VERIFICATION_FAILED;
  }

  private List<BackupSummary> chosen(Backups backups, String location) throws IOException {
    if (!all) {
      return List.of(session.find(backups, location, name == null ? Session.LATEST : name));
    }
    List<BackupSummary> present = backups.list();
    if (present.isEmpty()) {
      // "All are sound" about nothing is what a monitor must not hear when the disk is not mounted.
      throw new BackupException(Kind.NOT_FOUND, "find backup", location, "there is no backup");
    }
    return present;
  }
}
