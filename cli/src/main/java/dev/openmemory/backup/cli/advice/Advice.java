package dev.openmemory.backup.cli.advice;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import java.util.Optional;

/** What a person can do about a failure. Core states the fact, this states the remedy. */
public final class Advice {
  /** The operation of every failure to reach an engine. */
  public static final String CONNECT = "connect to Docker";

  private Advice() {}

  public static String on(BackupException failure) {
    if (failure instanceof UnknownBackupException unknown && !unknown.nearNames().isEmpty()) {
      return "Did you mean " + String.join(" or ", unknown.nearNames()) + "?";
    }
    return QdrantAdvice.on(failure)
        .or(() -> S3Advice.on(failure))
        .or(() -> SftpAdvice.on(failure))
        .orElseGet(() -> on(failure.kind(), failure.operation()));
  }

  /** What went wrong, then the advice. Texts of stores may be sentences. */
  public static String explained(BackupException failure) {
    return failure.getMessage().replaceFirst("\\.?$", ". ") + on(failure);
  }

  public static String on(Kind kind, String operation) {
    return DockerAdvice.on(kind, operation)
        .or(() -> ExportAdvice.on(kind, operation))
        .or(() -> RetentionAdvice.on(kind, operation))
        .or(() -> HookAdvice.on(kind, operation))
        .or(() -> byOperation(kind, operation))
        .orElseGet(() -> byKind(kind));
  }

  private static Optional<String> byOperation(Kind kind, String operation) {
    if (operation.equals("start Qdrant")) {
      return Optional.of(
          "--qdrant-binary names the program of Qdrant, of the version that the backup is of and of"
              + " this machine's kind. --image needs an engine on this host.");
    }
    return switch (kind) {
      case INVALID ->
          operation.equals("sync")
              ? Optional.of(
                  "Name as DESTINATION another place than --target, and either names or --delete.")
              : only(
                  operation,
                  "restore",
                  "Say where the parts are with --db, --config-json and --storage-path, choose with"
                      + " --only, or accept a part without its counterpart with --accept-mismatch.");
      case NOT_FOUND ->
          only(
              operation,
              "find backup",
              "'openmemory-backup list' shows the backups of a target; --target names another.");
      case INCONSISTENT ->
          only(
              operation,
              "restore",
              "Restore database and vectors of the same backup: leave --only out. Parts of two"
                  + " backups do not fit together.");
      case CANCELLED ->
          only(
              operation,
              "sync",
              "What was copied whole stays; run the command again for the rest, which goes on from"
                  + " what was sent.");
      default -> Optional.empty();
    };
  }

  private static Optional<String> only(String operation, String wanted, String advice) {
    return operation.equals(wanted) ? Optional.of(advice) : Optional.empty();
  }

  private static String byKind(Kind kind) {
    return switch (kind) {
      case INVALID -> "See 'openmemory-backup help' and the options of the command.";
      case NOT_FOUND ->
          "Check --home, --db, --config-json, --storage-path and --target: what is named there"
              + " has to exist. 'openmemory-backup doctor' shows where the data is.";
      case ALREADY_EXISTS ->
          "Choose another name, or delete the old one with 'openmemory-backup delete NAME'.";
      case DENIED ->
          "Run as the user who owns the files, or give this user access: reading for a backup,"
              + " writing for the target and for a restore.";
      case NO_SPACE ->
          "Make room (old backups: 'openmemory-backup prune' or 'delete NAME'), or name another"
              + " --target.";
      case CORRUPT ->
          "Do not rely on what is damaged. 'openmemory-backup verify --all' finds the sound backups;"
              + " if it is the live data, restore the newest of them.";
      case INCONSISTENT ->
          "'openmemory-backup doctor' shows where Qdrant really writes. Name another place with"
              + " --volume, --container or --storage-path. If the memories really have no vectors,"
              + " --allow-empty-vectors accepts that.";
      case UNSUPPORTED ->
          "Use a version of openmemory-backup that knows this, or leave the option or target out.";
      case UNAVAILABLE -> "Check that the target can be reached, then run the command again.";
      case TIMEOUT -> "Run the command again; if it persists, look at the load of that service.";
      case LOCKED ->
          "Stop OpenMemory ('docker compose stop') or wait for the other run to end, then run the"
              + " command again. Containers that are found are held by themselves unless --quiesce"
              + " none is given. For a backup of a storage whose writers you have paused yourself"
              + " there is --allow-live-storage.";
      case CANCELLED -> "Nothing was changed; run the command again when it suits.";
      case ROLLED_BACK ->
          "Your data is as it was before. Remove the cause, try with --dry-run, then run the"
              + " restore again.";
      case NOT_ROLLED_BACK ->
          "Do not start OpenMemory. Remove the cause and run the restore again: it first finishes"
              + " or undoes what was left. The old state is kept below .openmemory-backup and beside"
              + " the replaced files.";
      case FAILED -> "Run the command again with --verbose for the details.";
    };
  }
}
