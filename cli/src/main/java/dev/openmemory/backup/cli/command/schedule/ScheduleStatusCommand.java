package dev.openmemory.backup.cli.command.schedule;

import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.cli.daemon.Health;
import dev.openmemory.backup.cli.output.ExitCodes;
import dev.openmemory.backup.cli.settings.Session;
import dev.openmemory.backup.internal.json.Json;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code schedule status}. */
@Command(
    name = "status",
    description = {
      "Show what 'schedule run' has done, and whether its backups are made.",
      "Exit code 1 if not: a check of the health of a container."
    })
public final class ScheduleStatusCommand implements Callable<Integer> {
  private final Session session;

  @Mixin private StateOption state = new StateOption();

  @Option(
      names = "--max-missed",
      paramLabel = "N",
      description = "How many times of the schedule may pass without a backup (default: 2).")
  int mostMissed = 2;

  public ScheduleStatusCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws IOException {
    if (mostMissed < 1) {
      throw Kind.INVALID.failure("schedule status", "", "--max-missed has to be 1 or more");
    }
    Health health =
        Health.of(state.stateFile(session), session.host().clock().instant(), mostMissed);
    session
        .terminal()
        .result(session.options().json ? Json.line(health.document()) : health.text());
    return health.isGood() ? ExitCodes.OK : ExitCodes.FAILED;
  }
}
