package dev.openmemory.backup.internal.export;

import java.util.Locale;

/** SQL from templates. */
final class Sql {
  private Sql() {}

  /** The template with its parts, which are names and expressions of ours and never data. */
  static String of(String template, Object... parts) {
    return String.format(Locale.ROOT, template, parts);
  }
}
