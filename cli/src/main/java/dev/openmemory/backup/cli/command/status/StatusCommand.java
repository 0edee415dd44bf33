package dev.openmemory.backup.cli.command.status;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupSummary;
import dev.openmemory.backup.Warning;
import dev.openmemory.backup.cli.advice.Advice;
import dev.openmemory.backup.cli.output.ExitCodes;
import dev.openmemory.backup.cli.output.Status;
import dev.openmemory.backup.cli.output.Status.Store;
import dev.openmemory.backup.cli.settings.InstallationFinder;
import dev.openmemory.backup.cli.settings.InstallationOptions;
import dev.openmemory.backup.cli.settings.MissingParts;
import dev.openmemory.backup.cli.settings.OpenTargets.OpenTarget;
import dev.openmemory.backup.cli.settings.Session;
import dev.openmemory.backup.cli.settings.VectorsChoice;
import dev.openmemory.backup.docker.Discovery;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code status}, which also runs when nothing is asked for. */
@Command(
    name = StatusCommand.NAME,
    description = {
      "Show where your data and your backups are, and what to do next.",
      "Changes nothing. Without arguments the program does the same."
    })
public final class StatusCommand implements Callable<Integer> {
  public static final String NAME = "status";

  private final Session session;

  @Mixin private InstallationOptions parts = new InstallationOptions();

  public StatusCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws IOException {
    return session.withTargets(
        session.options().targetLocations(),
        targets -> {
          List<Store> stores = new ArrayList<>();
          for (OpenTarget target : targets) {
            stores.add(store(target));
          }
          Status status = status(targets.get(0), stores);
          session.terminal().result(session.renderer().status(status));
          boolean unusable = stores.stream().anyMatch(store -> store.problem().isPresent());
          return unusable ? ExitCodes.WARNINGS : ExitCodes.OK;
        });
  }

  private Status status(OpenTarget first, List<Store> stores) throws IOException {
    Path home = session.options().absoluteHome();
    InstallationFinder.Result result =
        new InstallationFinder(session, parts, VectorsChoice.forBackup(parts), true).findOrGuess();
    Discovery found = result.discovery();
    List<Warning> missing = MissingParts.in(found, first.backups().withListener(event -> {}));
    return new Status(
        home,
        found.findings(),
        missing,
        result.notAsked().map(BackupException::getMessage),
        stores);
  }

  private Store store(OpenTarget target) throws IOException {
    String location = target.target().location();
    try {
      List<BackupSummary> backups = session.list(target.backups());
      return Store.of(location, backups);
    } catch (BackupException e) {
      e.throwIfCancelled();
      return new Store(location, 0, 0, Optional.empty(), Optional.of(Advice.explained(e)));
    }
  }
}
