package dev.openmemory.backup.source.config;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.internal.file.FileFailure;
import dev.openmemory.backup.internal.migration.Environment;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The variables in a {@code .env} file; their values are forgotten as soon as it is read. */
final class EnvironmentFile {
  private static final String OPERATION = "read names";
  private static final Pattern ASSIGNMENT =
      Pattern.compile("\\s*(?:export\\s+)?([A-Za-z_][A-Za-z0-9_.]*)\\s*=(.*)");
  private static final Pattern COMMENT = Pattern.compile("\\s#.*");

  private EnvironmentFile() {}

  /**
   * Reads it. Of several assignments to one name the last one counts.
   *
   * @throws BackupException of kind {@code INVALID} when it is no regular file
   */
  static Environment read(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new BackupException(Kind.INVALID, OPERATION, file.toString(), "is not a regular file");
    }
    // A reader that replaces what is not UTF-8, because values may be anything.
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(Files.newInputStream(file), StandardCharsets.UTF_8))) {
      return of(file, lines);
    } catch (IOException e) {
      throw FileFailure.of(OPERATION, file, e);
    }
  }

  private static Environment of(Path file, BufferedReader lines) throws IOException {
    Map<String, String> values = new TreeMap<>();
    boolean userIsMade = false;
    String closing = "";
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      if (!closing.isEmpty()) {
        closing = end(line, closing, 0) < 0 ? closing : "";
        continue;
      }
      Matcher assignment = ASSIGNMENT.matcher(line.startsWith("\uFEFF") ? line.substring(1) : line);
      if (assignment.matches()) {
        String name = assignment.group(1);
        String text = assignment.group(2);
        closing = openQuote(text.strip());
        values.put(name, closing.isEmpty() ? value(text) : text);
        if (name.equals(Environment.USER)) {
          userIsMade = !closing.isEmpty() || isMade(text.strip());
        }
      }
    }
    Environment environment = Environment.of(file.toString(), values);
    return userIsMade ? environment.withoutUser() : environment;
  }

  /** Between its quotes, or else without a comment behind it. */
  private static String value(String text) {
    String value = text.strip();
    if (isQuoted(value)) {
      return value.substring(1, end(value, value.substring(0, 1), 1));
    }
    return COMMENT.matcher(text).replaceFirst("").strip();
  }

  private static boolean isMade(String value) {
    return value.contains("$") && !value.startsWith("'");
  }

  /** The quote that a value opens and does not close on its line, or nothing. */
  private static String openQuote(String value) {
    return isQuoted(value) && end(value, value.substring(0, 1), 1) < 0 ? value.substring(0, 1) : "";
  }

  private static boolean isQuoted(String value) {
    return value.startsWith("\"") || value.startsWith("'");
  }

  /** Where the quote ends, or a negative number. */
  private static int end(String text, String quote, int from) {
    int at = text.indexOf(quote, from);
    while (at > 0 && quote.equals("\"") && text.charAt(at - 1) == '\\') {
      at = text.indexOf(quote, at + 1);
    }
    return at;
  }
}
