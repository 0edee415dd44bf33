package dev.openmemory.backup.storage.sftp.internal.sshconfig;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Patterns of names as ssh has them: {@code *}, {@code ?}, and {@code !} for exceptions. */
public final class NamePattern {
  private NamePattern() {}

  /** Whether the name matches a pattern of the list and none of its exceptions. */
  public static boolean matchesList(String name, List<String> patterns) {
    boolean matched = false;
    for (String pattern : patterns) {
      boolean exception = pattern.startsWith("!");
      if (matches(name, exception ? pattern.substring(1) : pattern)) {
        if (exception) {
          return false;
        }
        matched = true;
      }
    }
    return matched;
  }

  private static boolean matches(String name, String pattern) {
    String regex =
        pattern
            .codePoints()
            .mapToObj(c -> c == '*' ? ".*" : c == '?' ? "." : Pattern.quote(Character.toString(c)))
            .collect(Collectors.joining());
    return Pattern.compile(regex, Pattern.DOTALL).matcher(name).matches();
  }
}
