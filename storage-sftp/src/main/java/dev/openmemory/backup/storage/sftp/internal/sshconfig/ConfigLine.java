package dev.openmemory.backup.storage.sftp.internal.sshconfig;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A line of ssh_config.
 *
 * @param keyword in lower case
 * @param arguments without their quotes
 * @param place file and line, for messages
 */
record ConfigLine(String keyword, List<String> arguments, String place) {
  /** The equals sign between them is optional, and so is the space around it. */
  private static final Pattern LINE = Pattern.compile("([^\\s=\"]+)(?:\\s*=\\s*|\\s+|$)(.*)");

  /** All lines that say something. */
  static List<ConfigLine> parse(Path file, List<String> lines) throws BackupException {
    List<ConfigLine> parsed = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      parse(lines.get(i), file + " line " + (i + 1)).ifPresent(parsed::add);
    }
    return parsed;
  }

  private static Optional<ConfigLine> parse(String text, String place) throws BackupException {
    String line = text.strip();
    if (line.isEmpty() || line.startsWith("#")) {
      return Optional.empty();
    }
    Matcher parts = LINE.matcher(line);
    if (!parts.matches()) {
      throw invalid(place, "is not a keyword and its arguments");
    }
    return Optional.of(
        new ConfigLine(
            parts.group(1).toLowerCase(Locale.ROOT), words(parts.group(2), place), place));
  }

  private static List<String> words(String text, String place) throws BackupException {
    List<String> words = new ArrayList<>();
    int at = 0;
    while (true) {
      while (at < text.length() && isSpace(text.charAt(at))) {
        at++;
      }
      if (at == text.length() || text.charAt(at) == '#') {
        return List.copyOf(words);
      }
      StringBuilder word = new StringBuilder();
      at = word(text, at, word, place);
      words.add(word.toString());
    }
  }

  /** Appends what begins there; returns where it ends. */
  private static int word(String text, int begin, StringBuilder word, String place)
      throws BackupException {
    char quote = 0;
    int at = begin;
    for (; at < text.length(); at++) {
      char c = text.charAt(at);
      if (c == '\\' && at + 1 < text.length() && isEscaped(text.charAt(at + 1), quote)) {
        at++;
        word.append(text.charAt(at));
      } else if (quote == 0 && isSpace(c)) {
        return at;
      } else if (quote == 0 && (c == '"' || c == '\'')) {
        quote = c;
      } else if (quote != 0 && c == quote) {
        quote = 0;
      } else {
        word.append(c);
      }
    }
    if (quote != 0) {
      throw invalid(place, "has a quote without its end");
    }
    return at;
  }

  private static boolean isEscaped(char c, char quote) {
    return c == '"' || c == '\'' || c == '\\' || (c == ' ' && quote == 0);
  }

  private static boolean isSpace(char c) {
    return c == ' ' || c == '\t';
  }

  /** The first argument. */
  String argument() throws BackupException {
    if (arguments.isEmpty() || arguments.get(0).isEmpty()) {
      throw invalid("has no argument for " + keyword);
    }
    return arguments.get(0);
  }

  BackupException invalid(String fact) {
    return invalid(place, fact);
  }

  BackupException failure(Kind kind, String fact) {
    return kind.failure("read ssh_config", place, fact);
  }

  /** What only the program ssh understands. */
  BackupException unsupported() {
    return failure(
        Kind.UNSUPPORTED,
        "only the program ssh understands '"
            + keyword
            + "', and there is none on the PATH: install an OpenSSH client, or name another file by"
            + " the option ssh-config");
  }

  private static BackupException invalid(String place, String fact) {
    return Kind.INVALID.failure("read ssh_config", place, fact);
  }
}
