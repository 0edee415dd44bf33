package dev.openmemory.backup.cli;

import dev.openmemory.backup.BackupException.Kind;
import java.util.Optional;

/** What a person can do about hooks and pings that failed or cannot be used. */
final class HookAdvice {
  private HookAdvice() {}

  static Optional<String> on(Kind kind, String operation) {
    return switch (operation) {
      case CommandHook.BEFORE ->
          kind == Kind.TIMEOUT
              ? Optional.of("Make the command faster, or allow more with hook-timeout.")
              : kind == Kind.CANCELLED
                  ? Optional.empty()
                  : Optional.of(
                      "What the command printed is above. hook-before-failure: warn goes on"
                          + " without it.");
      case RunHooks.SETTINGS ->
          Optional.of(
              "Correct the settings file or the environment; 'hook-' and 'ping-' settings.");
      default -> Optional.empty();
    };
  }
}
