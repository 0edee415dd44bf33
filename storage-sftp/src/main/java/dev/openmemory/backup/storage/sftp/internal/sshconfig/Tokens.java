package dev.openmemory.backup.storage.sftp.internal.sshconfig;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.storage.sftp.internal.settings.ClientEnvironment;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Placeholders in ssh_config: {@code %h}, {@code ~/}, <code>${VARIABLE}</code>.
 *
 * @param values by the letter after the percent sign
 */
record Tokens(Map<String, String> values, ClientEnvironment local) {
  private static final String BY_LETTER = "%(?<letter>.?)";
  private static final Pattern LETTER =
      Pattern.compile(BY_LETTER + "|(?<variable>(?!))", Pattern.DOTALL);
  private static final Pattern TOKEN =
      Pattern.compile(BY_LETTER + "|\\$\\{(?<variable>[^}]*)}", Pattern.DOTALL);

  String expand(String text) throws BackupException {
    return expand(TOKEN, text);
  }

  /** Without variables, which a shell resolves. */
  String expandLetters(String text) throws BackupException {
    return expand(LETTER, text);
  }

  private String expand(Pattern pattern, String text) throws BackupException {
    StringBuilder expanded = new StringBuilder();
    Matcher token = pattern.matcher(text);
    while (token.find()) {
      String letter = token.group("letter");
      String value =
          letter == null
              ? local.environment().get(token.group("variable"))
              : letter.equals("%") ? "%" : values.get(letter);
      if (value == null) {
        throw new BackupException(
            letter == null ? Kind.INVALID : Kind.UNSUPPORTED,
            "read ssh_config",
            "",
            (letter == null ? "variable is not set: " : "token is not known: ") + token.group());
      }
      token.appendReplacement(expanded, Matcher.quoteReplacement(value));
    }
    return token.appendTail(expanded).toString();
  }

  Path path(String text) throws BackupException {
    String expanded = expand(text);
    try {
      return expanded.startsWith("~/")
          ? local.home().resolve(expanded.substring(2))
          : Path.of(expanded);
    } catch (InvalidPathException e) {
      throw Kind.INVALID.failure("read ssh_config", "", "is not a path: " + expanded, e);
    }
  }
}
