package dev.openmemory.backup.cli.advice;

import dev.openmemory.backup.BackupException.Kind;
import java.util.Optional;

/** Advice on what removes backups, and on runs that are in each other's way. */
final class RetentionAdvice {
  private RetentionAdvice() {}

  static Optional<String> on(Kind kind, String operation) {
    return switch (operation) {
      case "prune" ->
          when(
              kind,
              Kind.INVALID,
              "Say what to keep, for example --keep-daily 7 --keep-weekly 4 --keep-monthly"
                  + " 12. To delete all backups, add --allow-delete-all.");
      case "retention" ->
          when(kind, Kind.INVALID, "See 'openmemory-backup help prune' for the --keep options.");
      case "delete" ->
          when(
              kind,
              Kind.INVALID,
              "Give the name of the backup, not 'latest'. A pinned backup can be deleted"
                  + " after 'openmemory-backup unpin NAME'.");
      case "lock" ->
          when(
              kind,
              Kind.LOCKED,
              "Wait for the other run to finish; --lock-timeout sets how long to wait. If"
                  + " it hangs, end it. 'openmemory-backup unlock' removes the locks of runs that"
                  + " have ended.");
      default -> Optional.empty();
    };
  }

  private static Optional<String> when(Kind kind, Kind wanted, String advice) {
    return kind == wanted ? Optional.of(advice) : Optional.empty();
  }
}
