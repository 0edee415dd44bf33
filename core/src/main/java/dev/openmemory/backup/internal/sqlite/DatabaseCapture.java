package dev.openmemory.backup.internal.sqlite;

import dev.openmemory.backup.Facts;
import dev.openmemory.backup.internal.file.FileContent;
import dev.openmemory.backup.spi.Capture;
import dev.openmemory.backup.spi.CapturedFile;
import dev.openmemory.backup.spi.RunContext;
import dev.openmemory.backup.spi.optional.ExposesDatabase;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.sqlite.SQLiteConnection;

/** A copy in the scratch directory, which is read only when it is checked. */
public final class DatabaseCapture implements Capture, ExposesDatabase {
  private final StagedDatabase copy;
  private final String location;
  private final RunContext context;
  private final FileContent content;
  private Facts facts = Facts.NONE;

  private DatabaseCapture(
      StagedDatabase copy, String location, RunContext context, FileContent content) {
    this.copy = copy;
    this.location = location;
    this.context = context;
    this.content = content;
  }

  /**
   * The copy as it is now.
   *
   * @param location of the original, for messages
   */
  public static DatabaseCapture of(StagedDatabase copy, String location, RunContext context)
      throws IOException {
    return new DatabaseCapture(
        copy, location, context, FileContent.of(copy.file(), context.cancellation()));
  }

  /** Reads each page, and looks for literal keys. */
  @Override
  public void check() throws IOException {
    facts = DatabaseCheck.run(copy.file(), location, context.cancellation());
    try (SQLiteConnection connection = Connections.immutable(copy.file());
        Statement statement = connection.createStatement()) {
      new DatabaseFacts(statement).warnOfLiteralKeys(context.warnings());
    } catch (SQLException e) {
      throw SqliteFailure.of("read settings", location, e);
    }
  }

  @Override
  public Path database() {
    return copy.file();
  }

  @Override
  public String original() {
    return location;
  }

  @Override
  public List<CapturedFile> files() {
    return List.of(
        new CapturedFile(StagedDatabase.NAME, "application/vnd.sqlite3", false, content));
  }

  @Override
  public Facts facts() {
    return facts;
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
