package dev.openmemory.backup.cli.advice;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import java.util.Map;
import java.util.Optional;

/** What a person can do about a failure. Core states the fact, this states the remedy. */
public final class Advice {
  /** The operation of every failure to reach an engine. */
  public static final String CONNECT = "connect to Docker";

  /** By operation, whatever the kind is. */
  private static final Map<String, String> OF_ALL =
      Map.of(
          "start Qdrant",
          "--qdrant-binary is the Qdrant executable: the same version as in the"
              + " backup, built for this machine. --image needs Docker on this host.",
          "derive key",
          "Give the program more memory: OPENMEMORY_BACKUP_JAVA_OPTS=-Xmx512m",
          "ask for passphrase",
          "Put the passphrase into the first line of a file that only you can read, and name it with"
              + " --passphrase-file.",
          "read signing key",
          "Make a key with 'ssh-keygen -t ed25519 -f FILE' and an empty passphrase, which only this"
              + " user can read; or let an SSH agent sign.",
          "find signing key",
          "'ssh-add FILE' adds a private key to the agent; 'ssh-add -l' lists what it holds.",
          "read allowed signers",
          "Each line has a name and a public key: me@example.org ssh-ed25519 AAAA...",
          "load SQLite",
          "Name a directory with 2 MiB of space, on a file system that is not mounted noexec:"
              + " OPENMEMORY_BACKUP_JAVA_OPTS=-Dorg.sqlite.tmpdir=DIR");

  private static final Map<String, String> OF_INVALID =
      Map.of(
          "settings",
          "Fix this place in the settings file, then run the command again.",
          "restore --to",
          "Give --to a new or empty folder, and leave out the options that name other places.",
          LocaleNames.OPERATION,
          LocaleNames.ADVICE,
          "notify test",
          "Set notify-email-to, notify-ntfy-url, notify-slack-url-file or the like in the settings"
              + " file or in the environment.",
          "backup name",
          "Use another name, such as before-upgrade.",
          "sync",
          "DESTINATION must differ from --target. Give either names or --delete.",
          "restore",
          "Name the parts with --db, --config-json and --storage-path, or choose some with"
              + " --only. --accept-mismatch restores the database or the vectors alone.",
          "undo",
          "Nothing was changed. Name the places that the restore had, with --db, --config-json,"
              + " --storage-path, --volume or --container. Leave out --only.");

  private static final Map<String, String> OF_NOT_FOUND =
      Map.of(
          "find backup",
          "'openmemory-backup list' shows the backups of a target; --target names another.",
          "find backups",
          "Mount the disk, or correct --target. If the target is new, the first backup makes it.",
          "undo",
          "Nothing was changed. 'openmemory-backup restore NAME' restores a backup,"
              + " 'openmemory-backup list' shows the backups.",
          "schedule status",
          "'openmemory-backup schedule run' makes this file. --state or --home names another.",
          "find used target",
          "Mount the disk. If the target is new on purpose, add --new-target.");

  private static final Map<Kind, Map<String, String>> BY_KIND =
      Map.of(
          Kind.INVALID,
          OF_INVALID,
          Kind.NOT_FOUND,
          OF_NOT_FOUND,
          Kind.LOCKED,
          Map.of(
              "schedule",
              "Stop the other 'schedule run', or give this one a state file of its own: --state"
                  + " FILE."),
          Kind.ALREADY_EXISTS,
          Map.of(
              "write settings",
              "Change that file, or name another one with --config.",
              "write key file",
              "A file with keys is never replaced. Name another one."),
          Kind.INCONSISTENT,
          Map.of(
              "restore",
              "'openmemory-backup list' shows which backups are complete. If the memories really"
                  + " have no vectors, --allow-empty-vectors accepts that."),
          Kind.UNSUPPORTED,
          Map.of(
              "replace",
              "Mount the folder that it is in instead, or run the restore where it is not mounted,"
                  + " such as on the host. --only restores the other components without it.",
              "stop",
              "Nothing was changed. Scale the service to 0, or start the container without --rm,"
                  + " then run the command again.",
              "undo",
              "Nothing was changed. What the restore replaced is below .openmemory-backup/previous"
                  + " in the OpenMemory folder; snapshots go back with 'openmemory-backup snapshot"
                  + " upload'."),
          Kind.CORRUPT,
          Map.of(
              "read previous data",
              "Nothing was changed. 'openmemory-backup restore NAME' restores a backup instead."),
          Kind.UNAVAILABLE,
          Map.of(
              "compare memories with vectors",
              "Start OpenMemory ('docker compose up -d'), or name its Qdrant with --qdrant-url."),
          Kind.FAILED,
          Map.of(
              "restore --to",
              "Delete that folder; nothing else was changed. Remove the cause and run the restore"
                  + " again."),
          Kind.CANCELLED,
          Map.of("sync", "Complete copies stay. Run the command again to continue with the rest."));

  private Advice() {}

  public static String on(BackupException failure) {
    if (failure instanceof UnknownBackupException unknown && !unknown.nearNames().isEmpty()) {
      return "Did you mean " + String.join(" or ", unknown.nearNames()) + "?";
    }
    return FileAdvice.on(failure)
        .or(() -> QdrantAdvice.on(failure))
        .or(() -> S3Advice.on(failure))
        .or(() -> SftpAdvice.on(failure))
        .orElseGet(() -> on(failure.kind(), failure.operation()));
  }

  /** What went wrong, then the advice. Texts of stores may be sentences. */
  public static String explained(BackupException failure) {
    String message = failure.getMessage();
    return message + (message.matches("(?s).*[.?!]") ? " " : ". ") + on(failure);
  }

  public static String on(Kind kind, String operation) {
    return DockerAdvice.on(kind, operation)
        .or(() -> ExportAdvice.on(kind, operation))
        .or(() -> RetentionAdvice.on(kind, operation))
        .or(() -> HookAdvice.on(kind, operation))
        .or(() -> MemoryAdvice.on(kind, operation))
        .or(() -> byOperation(kind, operation))
        .orElseGet(() -> byKind(kind));
  }

  private static Optional<String> byOperation(Kind kind, String operation) {
    if (kind == Kind.INVALID && operation.startsWith("confirm ")) {
      return Optional.of("Add --yes to confirm. Nothing was changed.");
    }
    if (operation.equals("open with the storage engine")) {
      return Optional.of(onStorageEngine(kind));
    }
    return Optional.ofNullable(OF_ALL.get(operation))
        .or(() -> Optional.ofNullable(BY_KIND.getOrDefault(kind, Map.of()).get(operation)));
  }

  private static String onStorageEngine(Kind kind) {
    return switch (kind) {
      case NOT_FOUND, INVALID, UNSUPPORTED ->
          "--engine-python is a Python that has the package qdrant-edge-py: python3 -m venv DIR &&"
              + " DIR/bin/pip install qdrant-edge-py, then --engine-python DIR/bin/python.";
      case CANCELLED -> byKind(kind);
      default ->
          "This says nothing about the backup. Remove the cause and run the drill again, or run it"
              + " on another host or with --qdrant-binary or --image.";
    };
  }

  private static String byKind(Kind kind) {
    return switch (kind) {
      case INVALID -> "'openmemory-backup help COMMAND' shows the options of a command.";
      case NOT_FOUND ->
          "Check that --home, --db, --config-json, --storage-path and --target exist."
              + " 'openmemory-backup doctor' shows where the data is.";
      case ALREADY_EXISTS ->
          "Choose another name, or delete the old one with 'openmemory-backup delete NAME'.";
      case DENIED ->
          "Run as the owner of the files, or give this user access: reading for a backup,"
              + " writing for the target and for a restore.";
      case NO_KEY ->
          "Name the file with the private key: --identity FILE. For a backup with a passphrase:"
              + " --with-passphrase.";
      case WRONG_KEY ->
          "Name another private key with --identity FILE. 'openmemory-backup show NAME' shows the"
              + " public keys of a backup, 'key show FILE' those of a file.";
      case NO_SPACE ->
          "Make room (old backups: 'openmemory-backup prune' or 'delete NAME'; previous data of"
              + " restores: 'cleanup'), or name another --target.";
      case CORRUPT ->
          "Do not rely on damaged data. 'openmemory-backup verify --all' finds intact"
              + " backups. If your live data is damaged, restore the newest of them.";
      case INCONSISTENT ->
          "'openmemory-backup doctor' shows where Qdrant really writes. Name another place with"
              + " --volume, --container or --storage-path. If the memories really have no vectors,"
              + " --allow-empty-vectors accepts that.";
      case UNSUPPORTED ->
          "Use a version of openmemory-backup that supports this, or leave the option"
              + " or target out.";
      case UNAVAILABLE -> "Check that the target can be reached, then run the command again.";
      case TIMEOUT -> "Run the command again; if it persists, look at the load of that service.";
      case LOCKED ->
          "Stop OpenMemory ('docker compose stop') or wait for the other run to"
              + " finish, then run the command again. Containers are paused automatically"
              + " unless --quiesce none is given. If you have paused Qdrant yourself, add"
              + " --allow-live-storage.";
      case CANCELLED -> "Nothing was changed. Run the command again when you are ready.";
      case ROLLED_BACK, NOT_ROLLED_BACK -> ofRestore(kind);
      case FAILED -> "Run the command again with --verbose for the details.";
    };
  }

  private static String ofRestore(Kind kind) {
    return kind == Kind.ROLLED_BACK
        ? "Your data is as it was before. Fix the cause, try with --dry-run, then run"
            + " the restore again."
        : "Do not start OpenMemory. Remove the cause and run the restore again: it first finishes"
            + " or undoes what was left. The old state is kept below .openmemory-backup and"
            + " beside the replaced files. If you put the data in order by hand, run 'unlock"
            + " --restore repaired' afterwards. After two failed rollbacks the data is left alone"
            + " until then, or until 'unlock --restore retry'.";
  }
}
