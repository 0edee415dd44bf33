package dev.openmemory.backup.cli.advice;

import dev.openmemory.backup.BackupException.Kind;
import java.util.Optional;

/** What a person can do about a failure that has to do with containers. */
final class DockerAdvice {
  private static final String READ_DIRECTLY =
      " Without Docker, name the vectors with --storage-path.";

  private DockerAdvice() {}

  /** Empty for all other failures. */
  static Optional<String> on(Kind kind, String operation) {
    return switch (operation) {
      case Advice.CONNECT -> Optional.of(onConnect(kind));
      case "call Docker" ->
          Optional.of(
              "Something before the engine, such as a socket proxy, refuses this call. Allow it"
                  + " there, then run the command again; docs/operations.md lists what is needed.");
      case "pull image" ->
          Optional.of(
              "Try 'docker pull' with the same name, and then without --pull: it knows the"
                  + " passwords and proxies that the registry may want.");
      case "restore database" ->
          when(
              kind == Kind.UNSUPPORTED,
              "Mount the folder of the database into the container instead of the file, then run the"
                  + " command again. Nothing was changed.");
      default -> operation.startsWith("find ") ? onFind(kind, operation) : onCopy(kind, operation);
    };
  }

  private static Optional<String> onFind(Kind kind, String operation) {
    return switch (operation) {
      case "find volume" ->
          when(
              kind == Kind.NOT_FOUND,
              "'docker volume ls' shows all; --volume names another. If there is none yet, start"
                  + " OpenMemory once: docker compose up -d.");
      case "find image" ->
          when(
              kind == Kind.NOT_FOUND,
              "'docker images' lists the images; choose one with --image, or add --pull to"
                  + " download it. --qdrant-binary works without containers.");
      case "find container" ->
          when(
              kind == Kind.NOT_FOUND,
              "It may have been removed or made anew meanwhile (docker compose down, an update)."
                  + " 'docker ps -a' shows all; --container names another. 'docker compose up -d'"
                  + " starts OpenMemory; then run the command again.");
      default -> onInstallation(kind, operation);
    };
  }

  private static Optional<String> onInstallation(Kind kind, String operation) {
    return switch (operation) {
      case "find OpenMemory" ->
          kind == Kind.UNAVAILABLE
              ? Optional.of(
                  "Start it ('docker compose up -d'), or name another Qdrant with --qdrant-url.")
              : when(
                  kind == Kind.INVALID,
                  "Run it in the folder that has the docker-compose.yml, or name that with --home, or"
                      + " the project with --project ('docker compose ls' shows them).");
      case "find database" ->
          when(
              kind == Kind.UNSUPPORTED,
              "Back that database up with its own tool (pg_dump for PostgreSQL), and the rest with"
                  + " --only config,vectors.");
      case "find vectors" ->
          when(
              kind == Kind.UNSUPPORTED,
              "Name a Qdrant of another host with --qdrant-url. Back any other store up with its own"
                  + " tool, and the rest with --only database,config.");
      default -> Optional.empty();
    };
  }

  private static Optional<String> onCopy(Kind kind, String operation) {
    return switch (operation) {
      case "pause" ->
          when(
              kind == Kind.UNSUPPORTED || kind == Kind.FAILED,
              "The engine cannot freeze the container now. Run the command again, or stop the"
                  + " containers for the time of the backup with --quiesce stop.");
      case "use file of", "Qdrant storage" ->
          when(
              kind == Kind.LOCKED,
              "A copy of data that is being written is worth nothing. Leave out --quiesce"
                  + " none, so that the containers are paused during the backup, or stop them:"
                  + " docker compose stop. If you have paused Qdrant yourself, add"
                  + " --allow-live-storage.");
      case "archive link" ->
          Optional.of(
              "Mount the other disk there instead of the link, or back the vectors up by snapshots:"
                  + " --qdrant snapshot.");
      case "read archive", "read file" ->
          when(
              kind == Kind.CORRUPT,
              "The engine ended the transfer early, and nothing of it was kept. Look at its log"
                  + " (journalctl -u docker) and its free space, then run the command again.");
      default -> Optional.empty();
    };
  }

  private static String onConnect(Kind kind) {
    return switch (kind) {
      case DENIED ->
          "This user may not use the socket of the engine. Have an administrator add the user to"
              + " the group that owns the socket (usermod -aG docker NAME) and log in again, or"
              + " choose the engine of this user: a rootless one or another context, by DOCKER_HOST"
              + " or 'docker context use'."
              + READ_DIRECTLY;
      case INVALID, UNSUPPORTED ->
          "Set DOCKER_HOST to an engine that is reached by a socket, TCP or ssh, or choose another"
              + " context: 'docker context ls' shows them.";
      default ->
          "Start the engine (Linux: systemctl start docker; macOS and Windows: open Docker"
              + " Desktop), or say which one to use with DOCKER_HOST or 'docker context use'. Behind"
              + " ssh://HOST, 'ssh HOST docker version' has to work without a question."
              + READ_DIRECTLY;
    };
  }

  private static Optional<String> when(boolean applies, String advice) {
    return applies ? Optional.of(advice) : Optional.empty();
  }
}
