package dev.openmemory.backup.docker.internal.discovery;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.docker.internal.engine.Container;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * SQLAlchemy's way to name a database. Never shown: with other databases it holds a password.
 *
 * @param path as the API resolves it, perhaps relative
 */
record DatabaseUrl(String path, boolean isDefault) {
  private static final String VARIABLE = "DATABASE_URL";
  private static final String DEFAULT = "sqlite:///./openmemory.db";
  private static final Pattern SQLITE =
      Pattern.compile("sqlite(?:\\+[a-z]+)?:///(?:file:)?([^?]+)(?:\\?.*)?");
  private static final Pattern SCHEME =
      Pattern.compile("([A-Za-z][A-Za-z0-9]*)[+:].*", Pattern.DOTALL);

  /**
   * The one that the API uses.
   *
   * @throws BackupException of kind {@code UNSUPPORTED} when that is not a file of SQLite
   */
  static DatabaseUrl of(Container api) throws BackupException {
    String set = api.environment().getOrDefault(VARIABLE, "").strip();
    Matcher sqlite = SQLITE.matcher(set.isEmpty() ? DEFAULT : set);
    if (sqlite.matches() && !sqlite.group(1).startsWith(":memory:")) {
      return new DatabaseUrl(sqlite.group(1), set.isEmpty());
    }
    Matcher scheme = SCHEME.matcher(set);
    throw new BackupException(
        Kind.UNSUPPORTED,
        "find database",
        "container " + api.name(),
        set.startsWith("sqlite")
            ? VARIABLE + " names no file"
            : "the memories are in a database of type "
                + (scheme.matches() ? scheme.group(1) : "unknown")
                + " and not in SQLite");
  }

  /** For people. */
  String why() {
    return VARIABLE + (isDefault ? " is not set" : " says so");
  }
}
