package dev.openmemory.backup.cli.output;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.cli.advice.Advice;
import java.io.IOException;
import java.util.Objects;

/**
 * A failure as it is printed.
 *
 * @param message the fact, without operation and location
 */
public record Failure(
    Kind kind, String operation, String location, String message, String hint, int exitCode) {

  public static Failure of(Exception thrown) {
    if (thrown instanceof BackupException known) {
      return new Failure(
          known.kind(),
          known.operation(),
          known.location(),
          known.fact(),
          Advice.on(known),
          ExitCodes.of(known.kind()));
    }
    if (thrown instanceof IOException io) {
      return of(new BackupException(Kind.FAILED, "input or output", "", text(io), io));
    }
    return new Failure(
        Kind.FAILED,
        "unexpected",
        "",
        text(thrown),
        "This is a defect of openmemory-backup; --verbose shows the stack trace.",
        ExitCodes.FAILED);
  }

  public static Failure ofCommandLine(String message, String hint) {
    return new Failure(Kind.INVALID, "command line", "", message, hint, ExitCodes.USAGE);
  }

  private static String text(Exception thrown) {
    return thrown.getClass().getSimpleName()
        + ": "
        + Objects.requireNonNullElse(thrown.getMessage(), "no message");
  }
}
