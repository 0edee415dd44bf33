package dev.openmemory.backup.cli.output;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.cli.advice.Advice;
import dev.openmemory.backup.cli.advice.LocaleNames;
import java.io.IOException;
import java.util.Objects;
import java.util.Optional;

/**
 * A failure as it is printed.
 *
 * @param message the fact, without operation and location
 * @param standsAlone whether the message is a whole sentence that names its place itself
 */
public record Failure(
    Kind kind,
    String operation,
    String location,
    String message,
    boolean standsAlone,
    String hint,
    int exitCode) {

  public static Failure of(Exception thrown) {
    if (thrown instanceof BackupException known) {
      return new Failure(
          known.kind(),
          known.operation(),
          known.location(),
          known.fact(),
          isSentence(known),
          Advice.on(known),
          ExitCodes.of(known.kind()));
    }
    if (thrown instanceof IOException io) {
      return of(Kind.FAILED.failure("input or output", "", text(io), io));
    }
    Optional<BackupException> unnamed = LocaleNames.failureOf(thrown);
    if (unnamed.isPresent()) {
      return of(unnamed.get());
    }
    return new Failure(
        Kind.FAILED,
        "unexpected",
        "",
        text(thrown),
        false,
        "This is a defect of openmemory-backup; --verbose shows the stack trace.",
        ExitCodes.FAILED);
  }

  public static Failure ofCommandLine(String message, String hint) {
    return new Failure(Kind.INVALID, "command line", "", message, false, hint, ExitCodes.USAGE);
  }

  /** Texts of other programs may be sentences too, but do not say what was tried, and where. */
  private static boolean isSentence(BackupException known) {
    boolean foreign = known.getCause() != null && !(known.getCause() instanceof BackupException);
    return !foreign && known.fact().matches("\\p{Lu}.*\\.");
  }

  private static String text(Exception thrown) {
    return thrown.getClass().getSimpleName()
        + ": "
        + Objects.requireNonNullElse(thrown.getMessage(), "no message");
  }
}
