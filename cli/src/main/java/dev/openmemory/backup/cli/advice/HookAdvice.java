package dev.openmemory.backup.cli.advice;

import dev.openmemory.backup.BackupException.Kind;
import java.util.Optional;

/** What a person can do about hooks, pings and notifications that failed or cannot be used. */
public final class HookAdvice {
  /** Operation of failures of the command that runs before a backup. */
  public static final String BEFORE = "hook-before";

  /**
   * The operation of every failure to understand the settings of hooks, pings and notifications.
   */
  public static final String SETTINGS = "hook settings";

  private HookAdvice() {}

  static Optional<String> on(Kind kind, String operation) {
    return switch (operation) {
      case BEFORE ->
          kind == Kind.TIMEOUT
              ? Optional.of("Make the command faster, or allow more with hook-timeout.")
              : kind == Kind.CANCELLED
                  ? Optional.empty()
                  : Optional.of(
                      "What the command printed is above. hook-before-failure: warn goes on"
                          + " without it.");
      case SETTINGS ->
          Optional.of(
              "Correct the settings file or the environment; 'hook-', 'ping-' and 'notify-'"
                  + " settings.");
      default -> Optional.empty();
    };
  }
}
