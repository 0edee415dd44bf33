package dev.openmemory.backup.internal.sqlite;

import java.util.Locale;

public final class Sql {
  private Sql() {}

  /** A name as SQL has it, whatever is in it. */
  public static String quoted(String identifier) {
    return '"' + identifier.replace("\"", "\"\"") + '"';
  }

  /** The template with its parts, which are names and expressions of ours and never data. */
  public static String of(String template, Object... parts) {
    return String.format(Locale.ROOT, template, parts);
  }
}
