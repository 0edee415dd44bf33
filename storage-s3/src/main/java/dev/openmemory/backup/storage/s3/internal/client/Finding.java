package dev.openmemory.backup.storage.s3.internal.client;

import dev.openmemory.backup.BackupException.Kind;
import java.util.Objects;
import java.util.regex.Pattern;

/** What went wrong, without operation and place. */
record Finding(Kind kind, String fact) {
  private static final Pattern PRINTABLE = Pattern.compile("[^\\p{Print}]+");
  private static final int LONGEST_MESSAGE = 300;

  static String text(Throwable e) {
    return tidy(Objects.requireNonNullElse(e.getMessage(), e.getClass().getSimpleName()));
  }

  /** A store may say anything. */
  static String tidy(String text) {
    String line = PRINTABLE.matcher(text).replaceAll(" ").strip();
    return line.length() <= LONGEST_MESSAGE ? line : line.substring(0, LONGEST_MESSAGE) + "...";
  }
}
