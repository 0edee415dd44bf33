package dev.openmemory.backup.cli.advice;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import java.nio.file.InvalidPathException;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Names of files that the encoding of this process's locale cannot express. */
public final class LocaleNames {
  static final String OPERATION = "name a file";
  static final String ADVICE =
      "Set LC_ALL to a locale with UTF-8 that 'locale -a' lists, such as C.UTF-8.";

  /** What the JVM puts in place of bytes that it cannot decode. */
  private static final String REPLACEMENT = "\ufffd";

  private LocaleNames() {}

  /**
   * Requires that texts of the process, and its current folder, were decoded without loss.
   *
   * @throws BackupException of kind {@code INVALID} for the first that was not
   */
  public static void requireDecoded(Stream<String> texts) throws BackupException {
    Optional<String> lossy =
        Stream.concat(texts, Stream.of(System.getProperty("user.dir", "")))
            .filter(text -> text.contains(REPLACEMENT))
            .findFirst();
    if (lossy.isPresent()) {
      throw notExpressible(lossy.get(), null);
    }
  }

  /** The failure of a path that a file names, as the settings file does. */
  public static Optional<BackupException> failureOf(Exception thrown) {
    return thrown instanceof InvalidPathException path && path.getReason().startsWith("Malformed")
        ? Optional.of(notExpressible(path.getInput(), path))
        : Optional.empty();
  }

  private static BackupException notExpressible(String name, @Nullable Exception cause) {
    return new BackupException(
        Kind.INVALID,
        OPERATION,
        name,
        "the encoding of the locale, "
            + System.getProperty("sun.jnu.encoding")
            + ", has no such letters",
        cause);
  }
}
