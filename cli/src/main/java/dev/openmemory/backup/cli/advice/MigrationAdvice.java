package dev.openmemory.backup.cli.advice;

import dev.openmemory.backup.migration.MigrationReport.Item;
import dev.openmemory.backup.migration.MigrationReport.State;
import java.util.Optional;

/** What a person can do about what a server lacks. */
public final class MigrationAdvice {
  private static final String APPLY = ", then run 'docker compose up -d'.";

  private MigrationAdvice() {}

  /** Empty when nothing has to be done. */
  public static Optional<String> on(Item item) {
    if (item.state() == State.OK) {
      return Optional.empty();
    }
    String names = String.join(", ", item.names());
    boolean known = !item.names().isEmpty();
    return Optional.of(
        switch (item.subject()) {
          case VARIABLES ->
              known
                  ? "Set "
                      + names
                      + " in api/.env of this server"
                      + APPLY
                      + " No backup holds the values."
                  : "Compare api/.env of both servers by hand.";
          case USER ->
              known
                  ? "Set USER in api/.env to one of "
                      + names
                      + APPLY
                      + " Only the memories of that user are shown. To give them to another one,"
                      + " see 'openmemory-backup help export', --format openmemory."
                  : "Set USER in api/.env to the value from the old server" + APPLY;
          case QDRANT ->
              known
                  ? "Run this version of Qdrant here, the image qdrant/qdrant:v"
                      + names
                      + (item.state() == State.UNKNOWN
                          ? "; --qdrant-url names a running Qdrant."
                          : ".")
                  : "Use the same version of Qdrant as on the old server.";
          case EMBEDDER ->
              known
                  ? "Use "
                      + names
                      + " here too: restore the configuration with the memories, or name it in"
                      + " the settings. Vectors of another embedder do not match."
                  : "Use the same embedder, provider and model, as on the old server.";
          case DIMENSIONS ->
              known
                  ? "The embedder has to make vectors of "
                      + names
                      + " dimensions (embedding_dims in the settings), or they cannot be searched."
                  : "Use the same embedder, with as many dimensions, as on the old server.";
          case RUNNING -> "Once all is restored, start OpenMemory: 'docker compose up -d'.";
        });
  }
}
