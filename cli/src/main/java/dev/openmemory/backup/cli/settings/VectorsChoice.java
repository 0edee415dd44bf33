package dev.openmemory.backup.cli.settings;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.BackupSummary;
import dev.openmemory.backup.Installation;
import dev.openmemory.backup.Installation.Snapshots;
import dev.openmemory.backup.Manifest.Component;
import dev.openmemory.backup.Quiesce;
import java.util.List;
import java.util.Optional;

/**
 * Whether a command works on Qdrant's files or with a running Qdrant.
 *
 * @param snapshots the running one; empty for its files
 * @param why for a choice that the person did not make; empty when there is nothing to report
 */
public record VectorsChoice(Optional<Snapshots> snapshots, Optional<String> why) {
  private static final String SNAPSHOT_TYPE = "qdrant-snapshot";

  private static final VectorsChoice FILES = new VectorsChoice(Optional.empty(), Optional.empty());

  /** For a backup, before it is known where Qdrant is. */
  public static VectorsChoice forBackup(InstallationOptions options) throws BackupException {
    return switch (options.qdrant) {
      case VOLUME -> FILES;
      case SNAPSHOT -> new VectorsChoice(Optional.of(snapshots(options)), Optional.empty());
      case AUTO -> {
        if (options.namesFiles()) {
          yield FILES;
        }
        if (!options.server.urls.isEmpty()) {
          yield reported(options, "--qdrant-url names a running Qdrant");
        }
        yield FILES;
      }
    };
  }

  /** For a backup of what was found: files in a container are not copied under their writer. */
  public VectorsChoice whenHeld(Quiesce quiesce, Installation found, InstallationOptions options)
      throws BackupException {
    boolean live =
        found.parts().stream()
            .anyMatch(
                part ->
                    part.type().equals("qdrant-volume") && part.options().containsKey("container"));
    return options.qdrant == Qdrant.AUTO
            && snapshots.isEmpty()
            && quiesce == Quiesce.NONE
            && options.wantsVectors()
            && !options.namesFiles()
            && live
        ? reported(
            options, "no container is paused, and files cannot be copied while Qdrant writes them")
        : this;
  }

  /** For a restore: what a backup holds decides. */
  public static VectorsChoice forRestore(InstallationOptions options, BackupSummary backup)
      throws BackupException {
    boolean holdsSnapshots =
        backup
            .manifest()
            .flatMap(m -> m.component(Component.VECTORS))
            .filter(c -> c.type().equals(SNAPSHOT_TYPE))
            .isPresent();
    boolean wanted = options.wantsVectors();
    if (wanted && holdsSnapshots && options.qdrant == Qdrant.VOLUME) {
      throw mismatch(backup, "contains snapshots, which only a running Qdrant can restore");
    }
    if (wanted
        && !holdsSnapshots
        && (options.qdrant == Qdrant.SNAPSHOT
            || (options.qdrant == Qdrant.AUTO && !options.server.urls.isEmpty()))) {
      throw mismatch(
          backup,
          "contains Qdrant's files, which a running Qdrant cannot restore; use"
              + " --qdrant volume");
    }
    return wanted && holdsSnapshots
        ? new VectorsChoice(Optional.of(snapshots(options)), Optional.empty())
        : FILES;
  }

  private static BackupException mismatch(BackupSummary backup, String fact) {
    return Kind.INVALID.failure("restore", backup.name().value(), fact);
  }

  private static VectorsChoice reported(InstallationOptions options, String why)
      throws BackupException {
    return new VectorsChoice(
        Optional.of(snapshots(options)), Optional.of("Vectors by snapshot: " + why));
  }

  /** The running Qdrant that is named; without addresses it is to be found. */
  static Snapshots snapshots(InstallationOptions options) throws BackupException {
    return new Snapshots(
        options.server.urls.isEmpty() ? List.of() : options.server.addresses(),
        Optional.ofNullable(options.server.apiKeyFile),
        options.replaceCollections,
        options.anyQdrantVersion);
  }
}
