package dev.openmemory.backup.source.config;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The names, and never the values, of the variables in a {@code .env} file. */
final class EnvironmentFile {
  private static final Pattern ASSIGNMENT =
      Pattern.compile("\\s*(?:export\\s+)?([A-Za-z_][A-Za-z0-9_.]*)\\s*=\\s*(.*)");

  private EnvironmentFile() {}

  /** The names in order of the alphabet; none when there is no such file. */
  static List<String> names(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      return List.of();
    }
    TreeSet<String> names = new TreeSet<>();
    // A reader that replaces what is not UTF-8, because values may be anything.
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(Files.newInputStream(file), StandardCharsets.UTF_8))) {
      String closing = "";
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (!closing.isEmpty()) {
          closing = hasUnescaped(line, closing, 0) ? "" : closing;
          continue;
        }
        Matcher assignment =
            ASSIGNMENT.matcher(line.startsWith("\uFEFF") ? line.substring(1) : line);
        if (assignment.matches()) {
          names.add(assignment.group(1));
          closing = openQuote(assignment.group(2));
        }
      }
    }
    return new ArrayList<>(names);
  }

  /** The quote that a value opens and does not close on its line, or nothing. */
  private static String openQuote(String value) {
    if (value.startsWith("\"") || value.startsWith("'")) {
      String quote = value.substring(0, 1);
      return hasUnescaped(value, quote, 1) ? "" : quote;
    }
    return "";
  }

  private static boolean hasUnescaped(String text, String quote, int from) {
    for (int at = text.indexOf(quote, from); at >= 0; at = text.indexOf(quote, at + 1)) {
      boolean escaped = quote.equals("\"") && at > 0 && text.charAt(at - 1) == '\\';
      if (!escaped) {
        return true;
      }
    }
    return false;
  }
}
