package dev.openmemory.backup.cli;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.Installation;
import dev.openmemory.backup.Warning;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "doctor",
    description = {
      "Show where the data really is, why, and what endangers it.",
      "Changes nothing, but for putting in order what a run that died has left."
    })
final class DoctorCommand implements Callable<Integer> {
  private final Session session;

  @Mixin private InstallationOptions parts = new InstallationOptions();

  DoctorCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws IOException {
    Path home = session.options().absoluteHome();
    return session.withBackups(
        (backups, location) -> {
          List<String> recovered = backups.recover(Installation.at(home));
          InstallationFinder.Result result = new InstallationFinder(session, parts, false).look();
          List<Warning> warnings = new ArrayList<>(result.discovery().warnings());
          warnings.addAll(Lacking.in(result.discovery()));
          TargetCheck target = TargetCheck.of(backups, location);
          target.warning().ifPresent(warnings::add);
          Examination examination =
              new Examination(
                  home,
                  result.discovery(),
                  result.notAsked().map(BackupException::getMessage),
                  warnings,
                  target,
                  recovered);
          session.terminal().result(session.renderer().examined(examination));
          return warnings.isEmpty() ? ExitCodes.OK : ExitCodes.WARNINGS;
        });
  }
}
