package dev.openmemory.backup.cli.command.memories;

import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.BackupName;
import dev.openmemory.backup.Backups;
import dev.openmemory.backup.cli.settings.Session;
import dev.openmemory.backup.cli.settings.TrialOptions;
import dev.openmemory.backup.memories.MemoryQuery;
import dev.openmemory.backup.memories.MemoryRestoreRequest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "restore",
    description = {
      "Put memories of a backup back into OpenMemory, which keeps running:",
      "their rows and their vectors. What is there stays, unless --overwrite is given."
    })
final class MemoriesRestoreCommand implements Callable<Integer> {
  static final String OPERATION = "restore memories";

  private final Session session;

  @Parameters(index = "0", paramLabel = "NAME", description = "The backup, or 'latest'.")
  String name = "";

  @Parameters(
      index = "1..*",
      arity = "0..*",
      paramLabel = "ID",
      description = "The ids of memories, or their beginnings.")
  List<String> ids = new ArrayList<>();

  @Mixin MemoryFilter filter = new MemoryFilter();

  @Option(
      names = "--deleted-since",
      paramLabel = "BACKUP",
      description = "Only memories that this backup has, and that are deleted or missing now.")
  @Nullable String deletedSince;

  @Option(
      names = "--as-new",
      description = "Give the memories new ids, so that nothing that is there changes.")
  boolean asNew;

  @Option(
      names = "--overwrite",
      description = "Also replace memories that are there and differ from the backup.")
  boolean overwrite;

  @Mixin private EmbedderOptions embedder = new EmbedderOptions();

  @Mixin private TrialOptions openers = new TrialOptions();

  @Mixin private ChangeOptions change = new ChangeOptions();

  MemoriesRestoreCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws IOException {
    MemoryQuery query = filter.at(session.host().clock());
    if (ids.isEmpty() && query.equals(MemoryQuery.ALL) && deletedSince == null) {
      throw Kind.INVALID.failure(
          OPERATION,
          name,
          "no memory is chosen; name ids, or give --search, --user, --app, --state, --since or"
              + " --deleted-since");
    }
    if (!ids.isEmpty() && !query.equals(MemoryQuery.ALL)) {
      throw Kind.INVALID.failure(OPERATION, name, "ids cannot be combined with a search");
    }
    MemoryRestoreRequest request =
        MemoryRestoreRequest.ALL
            .withIds(ids)
            .withQuery(query)
            .withVectorsBy(openers.request(session, OPERATION));
    request = embedder.newVectors(session, OPERATION).map(request::withNewVectors).orElse(request);
    request = asNew ? request.asNewOnes() : request;
    request = overwrite ? request.overwriting() : request;
    MemoryRestoreRequest wanted = change.dryRun ? request.asDryRun() : request;
    return session.withBackups((backups, location) -> restore(backups, location, wanted));
  }

  private int restore(Backups backups, String location, MemoryRestoreRequest request)
      throws IOException {
    BackupName backup = session.find(backups, location, name).name();
    MemoryRestoreRequest wanted =
        deletedSince == null
            ? request
            : request.deletedSince(session.find(backups, location, deletedSince).name());
    ChangePrinter printer = change.printer(session, OPERATION);
    return printer.end(
        backups.restoreMemories(backup, change.installation(session, OPERATION), wanted, printer));
  }
}
