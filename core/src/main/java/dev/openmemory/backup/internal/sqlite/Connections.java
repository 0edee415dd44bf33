package dev.openmemory.backup.internal.sqlite;

import dev.openmemory.backup.BackupException;
import java.net.URI;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Properties;
import org.sqlite.JDBC;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConnection;
import org.sqlite.SQLiteOpenMode;

/** Opens database files without ever creating one, and never waiting for locks. */
public final class Connections {
  private Connections() {}

  /** Takes part in locking; reads a write-ahead log but does not fold it into the database. */
  public static SQLiteConnection readOnly(Path file) throws SQLException, BackupException {
    return open(file, "mode=ro", true);
  }

  /** Takes part in locking; may finish what a killed process left behind. */
  public static SQLiteConnection readWrite(Path file) throws SQLException, BackupException {
    return open(file, "mode=rw", false);
  }

  /** Takes no locks and looks at no other file: only for a file that does not change. */
  public static SQLiteConnection immutable(Path file) throws SQLException, BackupException {
    return open(file, "mode=ro&immutable=1", true);
  }

  private static SQLiteConnection open(Path file, String parameters, boolean readOnly)
      throws SQLException, BackupException {
    NativeLibrary.load();
    SQLiteConfig config = new SQLiteConfig();
    config.setBusyTimeout(0);
    config.resetOpenMode(SQLiteOpenMode.CREATE);
    if (readOnly) {
      config.setReadOnly(true);
    }
    Properties properties = config.toProperties();
    // A URI, because the driver gives a meaning to "?" and "&" in plain paths. SQLite itself opens
    // the file, so that it has to be one of the default file system.
    URI uri = Path.of(file.toString()).toUri();
    return JDBC.createConnection("jdbc:sqlite:" + uri + "?" + parameters, properties);
  }
}
