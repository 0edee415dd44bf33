package dev.openmemory.backup.docker.internal.discovery;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.docker.internal.discovery.Variables.Variable;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * SQLAlchemy's way to name a database. Never shown: with other databases it holds a password.
 *
 * @param path as the API resolves it, perhaps relative
 * @param why for people
 */
record DatabaseUrl(String path, boolean isDefault, String why) {
  static final String VARIABLE = "DATABASE_URL";
  private static final String DEFAULT_FILE = "openmemory.db";

  /** Where upstream's compose file mounts the folder of the API. */
  private static final String FOLDER_IN_IMAGE = "/usr/src/openmemory/";

  private static final Pattern SQLITE =
      Pattern.compile("sqlite(?:\\+[a-z]+)?:///(?:file:)?([^?]+)(?:\\?.*)?");
  private static final Pattern SCHEME =
      Pattern.compile("([A-Za-z][A-Za-z0-9]*)[+:].*", Pattern.DOTALL);

  /**
   * The one that the API uses.
   *
   * @throws BackupException of kind {@code UNSUPPORTED} when that is not a file of SQLite
   */
  static DatabaseUrl of(Variables variables) throws BackupException {
    Optional<Variable> set = variables.find(VARIABLE);
    if (set.isEmpty()) {
      return new DatabaseUrl(DEFAULT_FILE, true, VARIABLE + " is not set");
    }
    Variable url = set.get();
    Matcher sqlite = SQLITE.matcher(url.value());
    if (sqlite.matches() && !sqlite.group(1).startsWith(":memory:") && !url.isMade()) {
      return new DatabaseUrl(sqlite.group(1), false, url.why() + " says so");
    }
    throw new BackupException(Kind.UNSUPPORTED, "find database", url.source(), refusal(url));
  }

  /** The file of an API that runs on this host, or did so in a container that is gone. */
  Path onHost(Path home) {
    Path api = home.resolve("api");
    return path.startsWith(FOLDER_IN_IMAGE)
        ? api.resolve(path.substring(FOLDER_IN_IMAGE.length())).normalize()
        : api.resolve(path).normalize();
  }

  private static String refusal(Variable url) {
    if (url.value().startsWith("sqlite")) {
      return VARIABLE + (url.isMade() ? " depends on other variables" : " names no file");
    }
    Matcher scheme = SCHEME.matcher(url.value());
    return "the memories are in a database of type "
        + (scheme.matches() ? scheme.group(1) : "unknown")
        + " and not in SQLite";
  }
}
