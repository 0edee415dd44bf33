package dev.openmemory.backup.cli.command;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Backups;
import dev.openmemory.backup.Installation;
import dev.openmemory.backup.Warning;
import dev.openmemory.backup.cli.output.Examination;
import dev.openmemory.backup.cli.output.TargetCheck;
import dev.openmemory.backup.cli.settings.InstallationFinder;
import dev.openmemory.backup.cli.settings.InstallationOptions;
import dev.openmemory.backup.cli.settings.MissingParts;
import dev.openmemory.backup.cli.settings.OpenTargets.OpenTarget;
import dev.openmemory.backup.cli.settings.Session;
import dev.openmemory.backup.cli.settings.VectorsChoice;
import dev.openmemory.backup.undo.SetAside;
import dev.openmemory.backup.verify.CrossCheck;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "doctor",
    description = {
      "Show where your data really is, why, and what puts it at risk.",
      "Read-only, except that it cleans up after an earlier run that was killed."
    })
final class DoctorCommand implements Callable<Integer> {
  private final Session session;

  @Mixin private InstallationOptions parts = new InstallationOptions();

  DoctorCommand(Session session) {
    this.session = session;
  }

  /**
   * Memories and vectors side by side.
   *
   * @param why there is no result
   */
  private record Compared(Optional<CrossCheck> result, Optional<String> why) {
    static Compared of(Backups backups, Installation installation) throws BackupException {
      try {
        return new Compared(Optional.of(backups.crossCheck(installation)), Optional.empty());
      } catch (BackupException e) {
        if (e.kind() == Kind.CANCELLED) {
          throw e;
        }
        return new Compared(Optional.empty(), Optional.of(why(e, installation)));
      }
    }

    /** The home is printed above already. */
    private static String why(BackupException e, Installation installation) {
      String place = e.location().equals(installation.home().toString()) ? "" : e.location() + ": ";
      boolean onlyNow = e.kind() == Kind.LOCKED && installation.writers().isPresent();
      return place + e.fact() + (onlyNow ? "; a backup pauses it and compares" : "");
    }
  }

  @Override
  public Integer call() throws IOException {
    Path home = session.options().absoluteHome();
    return session.withTargets(
        session.options().targetLocations(),
        targets -> {
          Backups backups = targets.get(0).backups();
          List<String> recovered = backups.recover(Installation.at(home));
          InstallationFinder.Result result =
              new InstallationFinder(session, parts, VectorsChoice.forBackup(parts), false).look();
          List<Warning> warnings = new ArrayList<>(result.discovery().warnings());
          warnings.addAll(MissingParts.in(result.discovery(), backups));
          Compared compared = Compared.of(backups, result.discovery().installation());
          compared.result().flatMap(CrossCheck::warning).ifPresent(warnings::add);
          List<TargetCheck> checks = new ArrayList<>();
          for (OpenTarget target : targets) {
            checks.add(TargetCheck.of(target.backups(), target.target(), home));
          }
          checks.stream().flatMap(check -> check.warning().stream()).forEach(warnings::add);
          List<SetAside> setAside = setAside(backups, result.discovery().installation(), warnings);
          Examination examination =
              new Examination(
                  home,
                  result.discovery(),
                  result.notAsked().map(BackupException::getMessage),
                  warnings,
                  checks,
                  compared.result(),
                  compared.why(),
                  setAside,
                  recovered);
          session.terminal().result(session.renderer().examined(examination));
          return session.exitCode(warnings);
        });
  }

  private static List<SetAside> setAside(
      Backups backups, Installation installation, List<Warning> warnings) throws BackupException {
    try {
      return backups.setAside(installation);
    } catch (BackupException e) {
      if (e.kind() == Kind.CANCELLED) {
        throw e;
      }
      warnings.add(new Warning("previous-unreadable", e.getMessage()));
      return List.of();
    }
  }
}
