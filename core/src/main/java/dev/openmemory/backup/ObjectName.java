package dev.openmemory.backup;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The name of one object in a target: segments separated by {@code /}, such as {@code
 * my-backup/manifest.json}.
 *
 * <p>Each segment has 1 to 128 characters of {@code A-Z a-z 0-9 . _ -}, starts with a letter, a
 * digit or an underscore and holds no {@code ".."}. Names that a target makes up for itself
 * (temporary files) start with a dot and so can never be taken for an object.
 */
public record ObjectName(String value) implements Comparable<ObjectName> {
  private static final Pattern SEGMENT = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,127}");

  /**
   * Checks the name.
   *
   * @throws IllegalArgumentException when a segment breaks the rule above
   */
  public ObjectName {
    for (String segment : value.split("/", -1)) {
      requireSegment(segment);
    }
  }

  /** Whether the text is a valid object name. */
  public static boolean isValid(String text) {
    return Arrays.stream(text.split("/", -1)).allMatch(ObjectName::isSegment);
  }

  /** The parts between the slashes, at least one. */
  public List<String> segments() {
    return List.of(value.split("/", -1));
  }

  /** The last segment. */
  public String fileName() {
    return value.substring(value.lastIndexOf('/') + 1);
  }

  static boolean isSegment(String text) {
    return SEGMENT.matcher(text).matches() && !text.contains("..");
  }

  static void requireSegment(String text) {
    if (!isSegment(text)) {
      throw new IllegalArgumentException(
          "'"
              + text
              + "' is not a valid name: use 1 to 128 letters, digits, dots, dashes and underscores,"
              + " starting with a letter, digit or underscore, without '..'");
    }
  }

  @Override
  public int compareTo(ObjectName other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
