package dev.openmemory.backup.internal.sqlite;

import dev.openmemory.backup.internal.config.ConfigDocument;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteConnection;

/**
 * The settings of the web interface in a database that may be in use. A glance: what cannot be read
 * at once is not waited for, and the copy of a backup is examined anyway.
 */
public final class StoredSettings {
  private static final Logger LOG = LoggerFactory.getLogger(StoredSettings.class);

  private StoredSettings() {}

  /** Row {@code main} of table {@code configs}; empty without one, or when it cannot be read. */
  public static Optional<ConfigDocument> in(Path database) {
    try {
      Path real = database.toRealPath();
      try (SQLiteConnection connection = open(real);
          Statement statement = connection.createStatement()) {
        return new DatabaseFacts(statement).mainSettings();
      }
    } catch (IOException | SQLException e) {
      LOG.debug("No settings were read from {}", database, e);
      return Optional.empty();
    }
  }

  /** Without a log and a journal beside it, nothing but the file itself counts. */
  private static SQLiteConnection open(Path real) throws IOException, SQLException {
    boolean alone =
        List.of("-wal", "-journal").stream()
            .noneMatch(suffix -> Files.exists(real.resolveSibling(real.getFileName() + suffix)));
    return alone ? Connections.immutable(real) : Connections.readOnly(real);
  }
}
