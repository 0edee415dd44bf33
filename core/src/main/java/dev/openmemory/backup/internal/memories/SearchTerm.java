package dev.openmemory.backup.internal.memories;

import java.lang.Character.UnicodeScript;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A part of what a person looks for.
 *
 * @param word whether it is found at the beginning of words, by their index; otherwise anywhere
 */
record SearchTerm(String text, boolean word) {
  private static final Pattern PARTS = Pattern.compile("\"([^\"]*)\"?|([^\\s\"]+)");

  /** Their words are not separated by spaces, so that an index of words does not find them. */
  private static final Set<UnicodeScript> WITHOUT_SPACES =
      EnumSet.of(
          UnicodeScript.HAN,
          UnicodeScript.HIRAGANA,
          UnicodeScript.KATAKANA,
          UnicodeScript.THAI,
          UnicodeScript.LAO,
          UnicodeScript.KHMER,
          UnicodeScript.MYANMAR);

  /** The terms of a search; quotes hold one together. */
  static List<SearchTerm> in(String search) {
    List<SearchTerm> terms = new ArrayList<>();
    Matcher parts = PARTS.matcher(search);
    while (parts.find()) {
      String quoted = parts.group(1);
      String text = quoted == null ? parts.group(2) : quoted.strip();
      if (!text.isEmpty()) {
        terms.add(
            new SearchTerm(
                text, quoted == null && text.codePoints().allMatch(SearchTerm::inWords)));
      }
    }
    return terms;
  }

  private static boolean inWords(int character) {
    return Character.isLetterOrDigit(character)
        && !WITHOUT_SPACES.contains(UnicodeScript.of(character));
  }
}
