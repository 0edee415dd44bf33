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
              "Say what to keep, such as --keep-daily 7 --keep-weekly 4 --keep-monthly 12. If really"
                  + " all may go, --allow-delete-all accepts that.");
      case "retention" ->
          when(kind, Kind.INVALID, "See 'openmemory-backup help prune' for the --keep options.");
      case "delete" ->
          when(
              kind,
              Kind.INVALID,
              "Name the backup, not 'latest'. One that is pinned goes after 'openmemory-backup unpin"
                  + " NAME'.");
      case "lock" ->
          when(
              kind,
              Kind.LOCKED,
              "Wait for that run to end; --lock-timeout says how long a run waits by itself. If it"
                  + " hangs, end it. 'openmemory-backup unlock' removes locks whose run is gone.");
      default -> Optional.empty();
    };
  }

  private static Optional<String> when(Kind kind, Kind wanted, String advice) {
    return kind == wanted ? Optional.of(advice) : Optional.empty();
  }
}
