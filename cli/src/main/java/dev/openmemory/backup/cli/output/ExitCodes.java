package dev.openmemory.backup.cli.output;

import dev.openmemory.backup.BackupException.Kind;

/** What the process ends with; the table of {@code docs/cli.md}. */
public final class ExitCodes {
  public static final int OK = 0;
  public static final int FAILED = 1;
  public static final int USAGE = 2;
  public static final int WARNINGS = 3;
  public static final int NOT_FOUND = 4;
  public static final int VERIFICATION_FAILED = 5;
  static final int LOCKED = 6;
  static final int DENIED = 7;
  static final int ROLLED_BACK = 8;
  static final int NOT_ROLLED_BACK = 9;
  public static final int CANCELLED = 130;

  private ExitCodes() {}

  /** How a run with that exit code ended, in one word for programs. */
  public static String outcome(int exitCode) {
    return switch (exitCode) {
      case OK -> "ok";
      case WARNINGS -> "warnings";
      case CANCELLED -> "cancelled";
      default -> "failed";
    };
  }

  public static int of(Kind kind) {
    return switch (kind) {
      case INVALID -> USAGE;
      case NOT_FOUND -> NOT_FOUND;
      case CORRUPT, INCONSISTENT -> VERIFICATION_FAILED;
      case LOCKED -> LOCKED;
      case DENIED, NO_KEY, WRONG_KEY -> DENIED;
      case ROLLED_BACK -> ROLLED_BACK;
      case NOT_ROLLED_BACK -> NOT_ROLLED_BACK;
      case CANCELLED -> CANCELLED;
      case ALREADY_EXISTS, NO_SPACE, UNSUPPORTED, UNAVAILABLE, TIMEOUT, FAILED -> FAILED;
    };
  }
}
