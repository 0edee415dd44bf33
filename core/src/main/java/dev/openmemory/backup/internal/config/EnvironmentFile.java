package dev.openmemory.backup.internal.config;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.internal.file.FileFailure;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The variables in a {@code .env} file. Of several assignments to one name the last one counts.
 *
 * @param values by name; may be secrets: never to be shown or kept
 * @param made names of the variables with a value that refers to another variable or spans lines
 */
public record EnvironmentFile(Map<String, String> values, Set<String> made) {
  private static final String OPERATION = "read names";
  private static final Pattern ASSIGNMENT =
      Pattern.compile("\\s*(?:export\\s+)?([A-Za-z_][A-Za-z0-9_.]*)\\s*=(.*)");
  private static final Pattern COMMENT = Pattern.compile("\\s#.*");

  public EnvironmentFile {
    values = Map.copyOf(values);
    made = Set.copyOf(made);
  }

  /**
   * Reads it.
   *
   * @throws BackupException of kind {@code INVALID} when it is no regular file
   */
  public static EnvironmentFile read(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw Kind.INVALID.failure(OPERATION, file.toString(), "is not a regular file");
    }
    try (InputStream in = Files.newInputStream(file)) {
      return read(in);
    } catch (IOException e) {
      throw FileFailure.of(OPERATION, file, e);
    }
  }

  /** Reads it to its end. */
  public static EnvironmentFile read(InputStream in) throws IOException {
    // A reader that replaces what is not UTF-8, because values may be anything.
    BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
    Map<String, String> values = new HashMap<>();
    Set<String> made = new HashSet<>();
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
        if (!closing.isEmpty() || isMade(text.strip())) {
          made.add(name);
        } else {
          made.remove(name);
        }
      }
    }
    return new EnvironmentFile(values, made);
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

  /** Without values. */
  @Override
  public String toString() {
    return "EnvironmentFile" + new TreeSet<>(values.keySet());
  }
}
