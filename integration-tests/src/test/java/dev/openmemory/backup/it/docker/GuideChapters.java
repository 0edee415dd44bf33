package dev.openmemory.backup.it.docker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The commands in {@code docs/from-the-scripts.md}, by chapter. */
final class GuideChapters {
  private static final Path DOCUMENT =
      Path.of(System.getProperty("openmemory.root"), "docs", "from-the-scripts.md");

  private final String text;

  private GuideChapters(String text) {
    this.text = text;
  }

  static GuideChapters read() throws IOException {
    return new GuideChapters(Files.readString(DOCUMENT));
  }

  /**
   * One of them.
   *
   * @param theirs the commands of the guide
   */
  record Chapter(String theirs, String ours) {}

  Chapter chapter(String title) {
    String chapter = first("(?m)^## " + Pattern.quote(title) + "\n(.*?)(?=^## |\\z)", text, title);
    return new Chapter(block("bash", chapter, title), block("(?:sh|console)", chapter, title));
  }

  private static String block(String language, String chapter, String title) {
    return first("```" + language + "\n(.*?)```", chapter, language + " of " + title);
  }

  private static String first(String pattern, String text, String what) {
    Matcher found = Pattern.compile(pattern, Pattern.DOTALL | Pattern.MULTILINE).matcher(text);
    if (!found.find()) {
      throw new AssertionError(DOCUMENT + " has no " + what);
    }
    return found.group(1);
  }
}
