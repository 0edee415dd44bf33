package dev.openmemory.backup.internal.sqlite;

import dev.openmemory.backup.Facts;
import dev.openmemory.backup.internal.file.FileContent;
import dev.openmemory.backup.spi.Capture;
import dev.openmemory.backup.spi.CapturedFile;
import dev.openmemory.backup.spi.RunContext;
import java.io.IOException;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.sqlite.SQLiteConnection;

/**
 * A checked copy in the scratch directory, which is removed by closing.
 *
 * @param location of the original, for messages
 */
public record DatabaseCapture(
    StagedDatabase copy, FileContent content, Facts facts, String location) implements Capture {

  /**
   * Checks the copy and looks for literal keys in it.
   *
   * @param location of the original, for messages
   */
  public static DatabaseCapture of(StagedDatabase copy, String location, RunContext context)
      throws IOException {
    Facts facts = DatabaseCheck.run(copy.file(), location, context.cancellation());
    warnOfLiteralKeys(copy, location, context);
    return new DatabaseCapture(
        copy, FileContent.of(copy.file(), context.cancellation()), facts, location);
  }

  private static void warnOfLiteralKeys(StagedDatabase copy, String location, RunContext context)
      throws IOException {
    try (SQLiteConnection connection = Connections.immutable(copy.file());
        Statement statement = connection.createStatement()) {
      new DatabaseFacts(statement).warnOfLiteralKeys(context.warnings());
    } catch (SQLException e) {
      throw SqliteFailure.of("read settings", location, e);
    }
  }

  /** The memories in it, until it is closed. */
  public Memories memories() {
    return new Memories(copy.file(), location);
  }

  @Override
  public List<CapturedFile> files() {
    return List.of(
        new CapturedFile(StagedDatabase.NAME, "application/vnd.sqlite3", false, content));
  }

  @Override
  public boolean detached() {
    return true;
  }

  @Override
  public void close() throws IOException {
    copy.close();
  }
}
