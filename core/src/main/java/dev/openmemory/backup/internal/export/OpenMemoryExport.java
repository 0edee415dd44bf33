package dev.openmemory.backup.internal.export;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.internal.sqlite.Connections;
import dev.openmemory.backup.internal.sqlite.DatabaseCheck;
import dev.openmemory.backup.internal.sqlite.SqliteFailure;
import dev.openmemory.backup.spi.RunContext;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.sqlite.SQLiteConnection;
import tools.jackson.core.exc.JacksonIOException;

/**
 * Writes one user's memories as OpenMemory's own export does, so that its import takes them. Rows
 * pass one at a time. The same database and time give the same bytes.
 *
 * @param database a complete one that does not change
 * @param location of the original, for messages
 * @param time said to be that of the export
 */
public record OpenMemoryExport(Path database, String location, Instant time, RunContext context) {

  /** What was written: the user, and how much of each kind. */
  public record Written(String user, Map<String, Long> memories, long categories, long apps) {}

  /**
   * Writes the zip; the stream is flushed and stays open.
   *
   * @param user by the text that OpenMemory knows; empty for the only one who has memories
   * @throws BackupException of kind {@code INVALID} when the user has to be named, {@code
   *     NOT_FOUND} when there is no such user, or nothing in the database is OpenMemory's
   */
  public Written write(Optional<String> user, OutputStream out) throws IOException {
    try (SQLiteConnection connection = Connections.immutable(database);
        Statement statement = connection.createStatement()) {
      DatabaseCheck.stopOnRequest(connection, context.cancellation());
      Schema schema = Schema.of(statement);
      requireMemories(schema);
      UserChoice choice = UserChoice.of(connection, user, location);
      Shortfalls shortfalls = new Shortfalls(context.warnings());
      Selection selection = new Selection(statement, schema, shortfalls);
      selection.of(choice, location);
      zip(connection, schema, shortfalls, out);
      shortfalls.tellRest();
      return new Written(
          choice.userId(),
          selection.memoriesByState(),
          selection.count(Table.CATEGORIES),
          selection.count(Table.APPS));
    } catch (SQLException e) {
      context.cancellation().check();
      throw SqliteFailure.of("export", location, e);
    } catch (JacksonIOException e) {
      throw e.getCause();
    }
  }

  private void requireMemories(Schema schema) throws BackupException {
    if (!schema.has(Table.USERS, "id", "user_id")
        || !schema.has(Table.MEMORIES, "id", "user_id", "content")) {
      throw Kind.NOT_FOUND.failure(
          "export", location, "the database has no tables of OpenMemory's memories");
    }
  }

  /** Never closed on a failure: that would end what is half written as if it were whole. */
  private void zip(
      SQLiteConnection connection, Schema schema, Shortfalls shortfalls, OutputStream out)
      throws SQLException, IOException {
    ZipOutputStream zip = new ZipOutputStream(out);
    RowReader rows = new RowReader(connection, schema, shortfalls, context.cancellation());
    zip.putNextEntry(entry(MemoriesDocument.NAME));
    new MemoriesDocument(connection, rows, time).writeTo(zip);
    zip.closeEntry();
    zip.putNextEntry(entry(MemoryLines.NAME));
    // The same rows once more: what they lack has been reported.
    Shortfalls reported = new Shortfalls(warning -> {});
    RowReader again = new RowReader(connection, schema, reported, context.cancellation());
    new MemoryLines(connection, again).writeTo(zip);
    zip.closeEntry();
    zip.finish();
    zip.flush();
  }

  private ZipEntry entry(String name) {
    ZipEntry entry = new ZipEntry(name);
    entry.setTimeLocal(LocalDateTime.ofInstant(time, ZoneOffset.UTC));
    return entry;
  }
}
