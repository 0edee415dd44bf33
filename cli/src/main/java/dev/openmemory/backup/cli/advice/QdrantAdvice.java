package dev.openmemory.backup.cli.advice;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a person can do about a failure of a running Qdrant. */
final class QdrantAdvice {
  private static final Set<String> OPERATIONS =
      Set.of(
          "read address of Qdrant",
          "read API key",
          "read version",
          "list collections",
          "read collection",
          "choose collection",
          "delete collection",
          "list aliases",
          "create alias",
          "delete alias",
          "count points",
          "read points",
          "list snapshots",
          "find snapshot",
          "find snapshots",
          "create snapshot",
          "download snapshot",
          "write snapshot",
          "upload snapshot",
          "recover snapshot",
          "delete snapshot");

  private QdrantAdvice() {}

  /** Empty for all other failures, and where the general advice holds. */
  static Optional<String> on(BackupException failure) {
    if (failure.operation().equals("restore snapshots")
        || failure.operation().equals("restore vectors")) {
      return onRestore(failure.kind());
    }
    if (failure.operation().equals("find nodes")) {
      return Optional.of(
          "Give the REST address of each node with --qdrant-url, separated by commas. The address"
              + " of a load balancer leads to one node only.");
    }
    return OPERATIONS.contains(failure.operation())
        ? Optional.ofNullable(byKind(failure.kind(), failure.operation()))
        : Optional.empty();
  }

  private static Optional<String> onRestore(Kind kind) {
    return switch (kind) {
      case UNSUPPORTED ->
          Optional.of("Run the version of Qdrant in the backup, or try with --any-qdrant-version.");
      case INCONSISTENT ->
          Optional.of(
              "Add --replace-collections to replace the collection; its current data is"
                  + " saved in .openmemory-backup.");
      case INVALID ->
          Optional.of("Give --qdrant-url for each node, in the same order as in the backup.");
      default -> Optional.empty();
    };
  }

  private static @Nullable String byKind(Kind kind, String operation) {
    return switch (kind) {
      case INVALID ->
          "--qdrant-url is an address such as http://localhost:6333, with the port of"
              + " the REST API (6334 is another protocol). --collection names one of the"
              + " collections; see 'openmemory-backup help snapshot'.";
      case NOT_FOUND ->
          operation.equals("read API key") || operation.equals("upload snapshot")
              ? "Check the name of the file."
              : "'openmemory-backup snapshot list' shows the snapshots. Choose another"
                  + " collection with --collection, another server with --qdrant-url.";
      case ALREADY_EXISTS -> "Name another file with --output, or move the existing file away.";
      case DENIED ->
          operation.startsWith("write") || operation.equals("read API key")
              ? null
              : "Qdrant wants its API key: name a file with it by --qdrant-api-key-file, or set"
                  + " QDRANT_API_KEY. With a read-only key snapshots can be listed and downloaded"
                  + " only. A location for 'recover' has to be inside of Qdrant's snapshots"
                  + " directory.";
      case NO_SPACE ->
          operation.startsWith("write")
              ? "Make room, or name another place with --output."
              : "Make room where Qdrant runs: a restore needs the size of the snapshot twice. Old"
                  + " snapshots: 'openmemory-backup snapshot delete NAME'.";
      case CORRUPT ->
          "Download the snapshot again, or create a new one; restore only an intact"
              + " snapshot. The collection was not changed.";
      case INCONSISTENT ->
          "The snapshot has other vector settings than the collection, or was replaced"
              + " while it was read. Restore it under another name (--collection), or set the"
              + " collection aside: create a snapshot of it, then delete it.";
      default -> whileItWorks(kind);
    };
  }

  private static @Nullable String whileItWorks(Kind kind) {
    return switch (kind) {
      case UNAVAILABLE ->
          "Check that Qdrant runs and publishes its port ('docker compose ps', 'curl"
              + " URL/readyz'), then run the command again.";
      case TIMEOUT ->
          "Qdrant continues the operation. Check with 'openmemory-backup snapshot"
              + " list' and compare the number of points before you run the command again.";
      case CANCELLED ->
          "If Qdrant has begun the restore, it continues. Compare the number of points"
              + " before you run the command again.";
      default -> null;
    };
  }
}
