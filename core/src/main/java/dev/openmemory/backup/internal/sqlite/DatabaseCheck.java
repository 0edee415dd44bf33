package dev.openmemory.backup.internal.sqlite;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.Facts;
import dev.openmemory.backup.internal.file.FileFailure;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.sqlite.ProgressHandler;
import org.sqlite.SQLiteConnection;

/** Proves that a private copy of a database is sound, and reads its facts. */
public final class DatabaseCheck {
  private static final byte[] MAGIC = "SQLite format 3\0".getBytes(StandardCharsets.US_ASCII);
  private static final int HEADER = 100;
  private static final int READ_VERSION = 19;
  private static final int WAL = 2;
  private static final int PROBLEMS_SHOWN = 3;
  private static final int INSTRUCTIONS_PER_CANCELLATION_CHECK = 100_000;

  private DatabaseCheck() {}

  /**
   * Checks the header and every page.
   *
   * @param file a complete database that no other program uses; it is not changed
   * @param location names it in failures
   * @throws BackupException of kind {@code CORRUPT}, naming the check that failed
   */
  public static Facts run(Path file, String location, Cancellation cancellation)
      throws IOException {
    String journalMode = header(file, location)[READ_VERSION] == WAL ? "wal" : "delete";
    try (SQLiteConnection connection = Connections.immutable(file)) {
      stopOnRequest(connection, cancellation);
      Map<String, Object> values = new LinkedHashMap<>();
      values.put("journalMode", journalMode);
      try (Statement statement = connection.createStatement()) {
        integrity(statement, location);
        values.putAll(new DatabaseFacts(statement).read());
      }
      values.put("integrityCheck", "ok");
      return new Facts(values);
    } catch (SQLException e) {
      cancellation.check();
      throw SqliteFailure.of("integrity_check", location, e);
    }
  }

  private static byte[] header(Path file, String location) throws IOException {
    byte[] header;
    try (InputStream in = Files.newInputStream(file)) {
      header = in.readNBytes(HEADER);
    } catch (IOException e) {
      throw FileFailure.of("read database", file, e);
    }
    if (header.length < HEADER) {
      throw corrupt("file header", location, "only " + header.length + " bytes");
    }
    if (!Arrays.equals(MAGIC, Arrays.copyOf(header, MAGIC.length))) {
      throw corrupt("file header", location, "not an SQLite database, or encrypted");
    }
    return header;
  }

  /**
   * Has the queries of the connection end soon after the cancellation, as an interrupt of SQLite.
   */
  public static void stopOnRequest(SQLiteConnection connection, Cancellation cancellation)
      throws SQLException {
    ProgressHandler.setHandler(
        connection,
        INSTRUCTIONS_PER_CANCELLATION_CHECK,
        new ProgressHandler() {
          @Override
          protected int progress() {
            return cancellation.isRequested() ? 1 : 0;
          }
        });
  }

  private static void integrity(Statement statement, String location)
      throws SQLException, BackupException {
    List<String> problems = new ArrayList<>();
    try (ResultSet rows = statement.executeQuery("PRAGMA integrity_check")) {
      while (rows.next()) {
        problems.add(rows.getString(1));
      }
    }
    if (!problems.equals(List.of("ok"))) {
      List<String> shown = problems.subList(0, Math.min(PROBLEMS_SHOWN, problems.size()));
      throw corrupt(
          "integrity_check", location, problems.size() + " problems: " + String.join("; ", shown));
    }
  }

  /** A failure that names the check. */
  public static BackupException corrupt(String check, String location, String fact) {
    return Kind.CORRUPT.failure(check, location, fact);
  }
}
