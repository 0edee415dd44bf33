package dev.openmemory.backup.cli;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.BackupName;
import dev.openmemory.backup.BackupReport;
import dev.openmemory.backup.BackupRequest;
import dev.openmemory.backup.Compression;
import dev.openmemory.backup.Installation;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "backup",
    description = "Back up the database, the configuration and the vectors of one instant.")
final class BackupCommand implements Callable<Integer> {
  private final Session session;

  @Parameters(
      arity = "0..1",
      paramLabel = "NAME",
      description = "Name of the backup (default: openmemory-backup-<date>-<time>).")
  @Nullable String name;

  @Mixin private InstallationOptions parts = new InstallationOptions();

  @Option(
      names = "--compression-level",
      paramLabel = "1-9",
      description = "1 is fast, 9 is small (default: 6).")
  int level = Compression.standard().level();

  @Option(
      names = "--compression-threads",
      paramLabel = "N",
      description = "How many compress at once (default: all processors).")
  int threads = Compression.standard().threads();

  @Option(
      names = "--allow-empty-vectors",
      fallbackValue = "true",
      description = "Accept memories beside an empty or missing vector store.")
  boolean allowEmptyVectors;

  @Option(
      names = "--allow-live-storage",
      fallbackValue = "true",
      description = "Read the Qdrant storage although it is in use: its writers are paused.")
  boolean allowLiveStorage;

  BackupCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws IOException {
    BackupRequest request = new BackupRequest(chosenName(), parts.only, allowEmptyVectors);
    Installation installation = installation();
    Compression compression = compression();
    return session.withBackups(
        (backups, location) -> {
          BackupReport report = backups.withCompression(compression).create(installation, request);
          session.terminal().result(session.renderer().created(report));
          return report.manifest().warnings().isEmpty() ? ExitCodes.OK : ExitCodes.WARNINGS;
        });
  }

  private Optional<BackupName> chosenName() throws BackupException {
    if (name == null) {
      return Optional.empty();
    }
    if (name.equals(Session.LATEST)) {
      throw new BackupException(
          Kind.INVALID, "backup", name, "this name stands for the newest backup");
    }
    return Optional.of(BackupName.parse(name));
  }

  private Installation installation() {
    Installation installation = parts.at(session.options().absoluteHome());
    return allowLiveStorage
        ? new Installation(
            installation.home(),
            installation.parts().stream().map(BackupCommand::allowLive).toList())
        : installation;
  }

  private static Installation.Part allowLive(Installation.Part part) {
    if (!part.type().equals("directory")) {
      return part;
    }
    Map<String, String> options = new HashMap<>(part.options());
    options.put("allow-live", "true");
    return new Installation.Part(part.type(), options, part.optional());
  }

  private Compression compression() throws BackupException {
    try {
      return new Compression(level, threads);
    } catch (IllegalArgumentException e) {
      throw new BackupException(Kind.INVALID, "backup", "", String.valueOf(e.getMessage()), e);
    }
  }
}
