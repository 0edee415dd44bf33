package dev.openmemory.backup.cli.advice;

import dev.openmemory.backup.BackupException.Kind;
import java.util.Optional;

/** What a person can do when single memories could not be put back. */
final class MemoryAdvice {
  private static final String UNCHANGED = "Nothing was changed. ";

  private MemoryAdvice() {}

  /** Empty for all other failures, and where the general advice holds. */
  static Optional<String> on(Kind kind, String operation) {
    return switch (operation) {
      case "change memories" -> onChange(kind);
      case "read vectors of the backup" ->
          kind == Kind.UNSUPPORTED
              ? Optional.of(
                  UNCHANGED
                      + "Name an image of Qdrant with --image, its program with --qdrant-binary,"
                      + " or a Python with its storage engine (qdrant-edge-py) with"
                      + " --engine-python.")
              : Optional.empty();
      case "compare embedders", "compare vectors" ->
          Optional.of(
              UNCHANGED
                  + "Vectors of another embedder are found by no search. Set the embedder of the"
                  + " backup in OpenMemory's settings, choose a backup of the present one, or have"
                  + " new vectors made with --reembed.");
      case "make new vectors" -> onNewVectors(kind);
      case "restore memories" ->
          kind == Kind.INVALID
              ? Optional.of("'openmemory-backup help memories restore' shows the options.")
              : Optional.empty();
      default -> Optional.empty();
    };
  }

  private static Optional<String> onNewVectors(Kind kind) {
    return switch (kind) {
      case NO_KEY, DENIED ->
          Optional.of(
              UNCHANGED
                  + "Set the variable that OpenMemory's settings name, or name a file with the key"
                  + " with --embedder-key-file.");
      case UNAVAILABLE, TIMEOUT, INVALID ->
          Optional.of(
              UNCHANGED
                  + "If this host reaches the embedder at another address than OpenMemory's"
                  + " containers do, name that with --embedder-url. If it is busy, run the command"
                  + " again later.");
      case INCONSISTENT, CORRUPT, UNSUPPORTED, NOT_FOUND ->
          Optional.of(UNCHANGED + "Look at the embedder in OpenMemory's settings.");
      default -> Optional.empty();
    };
  }

  private static Optional<String> onChange(Kind kind) {
    return switch (kind) {
      case UNAVAILABLE ->
          Optional.of(
              "Start OpenMemory ('docker compose up -d'), or name its Qdrant with --qdrant-url.");
      case LOCKED -> Optional.of(UNCHANGED + "Run the command again.");
      case CANCELLED -> Optional.of(UNCHANGED + "Run the command again when you are ready.");
      case ROLLED_BACK ->
          Optional.of("All is as it was before. Remove the cause, then run the command again.");
      case NOT_ROLLED_BACK ->
          Optional.of(
              "No row of the database was changed. Make Qdrant reachable, then run the command"
                  + " again: it first takes back what is left.");
      case UNSUPPORTED ->
          Optional.of(
              UNCHANGED
                  + "Locks do not reach into a container of Docker Desktop: stop the API first, then"
                  + " name the file of the database with --db and the running Qdrant with"
                  + " --qdrant-url.");
      default -> Optional.empty();
    };
  }
}
