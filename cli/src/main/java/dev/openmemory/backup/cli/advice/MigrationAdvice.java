package dev.openmemory.backup.cli.advice;

import dev.openmemory.backup.migration.MigrationReport.Item;
import dev.openmemory.backup.migration.MigrationReport.State;
import dev.openmemory.backup.migration.MigrationReport.Subject;
import java.util.Optional;

/** What a person can do about what a server lacks. */
public final class MigrationAdvice {
  private static final String APPLY = ", then run 'docker compose up -d'.";
  private static final String START =
      "Once all is restored, start OpenMemory: 'docker compose up -d'.";

  private MigrationAdvice() {}

  /** Empty when nothing has to be done. */
  public static Optional<String> on(Item item) {
    if (item.state() == State.OK) {
      return Optional.empty();
    }
    return Optional.of(
        item.names().isEmpty()
            ? onUnknown(item.subject())
            : onKnown(item, String.join(", ", item.names())));
  }

  private static String onKnown(Item item, String names) {
    return switch (item.subject()) {
      case VARIABLES ->
          "Set " + names + " in api/.env of this server" + APPLY + " No backup holds the values.";
      case USER ->
          "Set USER in api/.env to one of "
              + names
              + APPLY
              + " Only the memories of that user are shown. To give them to another one,"
              + " see 'openmemory-backup help export', --format openmemory.";
      case QDRANT ->
          "Run this version of Qdrant here, the image qdrant/qdrant:v"
              + names
              + (item.state() == State.UNKNOWN ? "; --qdrant-url names a running Qdrant." : ".");
      case EMBEDDER ->
          "Use "
              + names
              + " here too: restore the configuration with the memories, or name it in"
              + " the settings. Vectors of another embedder do not match.";
      case DIMENSIONS ->
          "The embedder has to make vectors of "
              + names
              + " dimensions (embedding_dims in the settings), or they cannot be searched.";
      case RUNNING -> START;
    };
  }

  private static String onUnknown(Subject subject) {
    return switch (subject) {
      case VARIABLES -> "Compare api/.env of both servers by hand.";
      case USER -> "Set USER in api/.env to the value from the old server" + APPLY;
      case QDRANT -> "Use the same version of Qdrant as on the old server.";
      case EMBEDDER -> "Use the same embedder, provider and model, as on the old server.";
      case DIMENSIONS -> "Use the same embedder, with as many dimensions, as on the old server.";
      case RUNNING -> START;
    };
  }
}
