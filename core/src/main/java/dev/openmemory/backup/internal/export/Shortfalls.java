package dev.openmemory.backup.internal.export;

import dev.openmemory.backup.Warning;
import java.util.function.Consumer;

/** What cannot be taken along: the first ones by id and reason, the others by their number. */
final class Shortfalls {
  private static final int NAMED = 100;
  private static final int MOST_CHARACTERS = 80;

  private final Consumer<Warning> warnings;
  private long count;

  Shortfalls(Consumer<Warning> warnings) {
    this.warnings = warnings;
  }

  void row(String table, String id, String reason) {
    tell("row-left-out", "row " + shortened(id) + " of " + table + " is left out: " + reason);
  }

  void value(String table, String id, String column, String reason) {
    tell(
        "value-left-out",
        column + " of row " + shortened(id) + " of " + table + " is left out: " + reason);
  }

  /** To be called at the end. */
  void tellRest() {
    if (count > NAMED) {
      warnings.accept(
          new Warning("more-left-out", (count - NAMED) + " more rows or values are left out"));
    }
  }

  private void tell(String code, String message) {
    count++;
    if (count <= NAMED) {
      warnings.accept(new Warning(code, message));
    }
  }

  /** An id that is none may be anything. */
  private static String shortened(String id) {
    return id.length() <= MOST_CHARACTERS ? id : id.substring(0, MOST_CHARACTERS) + "...";
  }
}
