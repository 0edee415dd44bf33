package dev.openmemory.backup.cli.command.memories;

import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Installation;
import dev.openmemory.backup.cli.settings.Session;
import dev.openmemory.backup.cli.settings.TrialOptions;
import dev.openmemory.backup.memories.MemoryRepairRequest;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "repair",
    description = {
      "Give memories without a vector their vector back, from the newest backup that has it.",
      "OpenMemory keeps running."
    })
public final class RepairCommand implements Callable<Integer> {
  private static final String OPERATION = "repair";

  private final Session session;

  @Option(
      names = "--drop-orphans",
      description = "Also remove vectors of which the memory is missing or deleted.")
  boolean dropOrphans;

  @Option(
      names = "--search-backups",
      paramLabel = "N",
      defaultValue = "20",
      description =
          "Read the databases of at most N backups, newest first. Default: ${DEFAULT-VALUE}.")
  int searchBackups;

  @Mixin private EmbedderOptions embedder = new EmbedderOptions();

  @Mixin private TrialOptions openers = new TrialOptions();

  @Mixin private ChangeOptions change = new ChangeOptions();

  public RepairCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws IOException {
    if (searchBackups < 1) {
      throw Kind.INVALID.failure(OPERATION, "--search-backups", "must be at least 1");
    }
    MemoryRepairRequest request =
        MemoryRepairRequest.STANDARD
            .withBackups(searchBackups)
            .withVectorsBy(openers.request(session, OPERATION));
    request = embedder.newVectors(session, OPERATION).map(request::withNewVectors).orElse(request);
    request = dropOrphans ? request.droppingOrphans() : request;
    MemoryRepairRequest wanted = change.dryRun ? request.asDryRun() : request;
    return session.withBackups(
        (backups, location) -> {
          Installation installation = change.installation(session, OPERATION);
          ChangePrinter printer = change.printer(session, OPERATION);
          return printer.end(backups.repairMemories(installation, wanted, printer));
        });
  }
}
