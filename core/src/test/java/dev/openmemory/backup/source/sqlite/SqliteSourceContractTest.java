package dev.openmemory.backup.source.sqlite;

import dev.openmemory.backup.sample.Rows;
import dev.openmemory.backup.spi.BackupSourceProvider;
import dev.openmemory.backup.spi.ProviderOptions;
import dev.openmemory.backup.testkit.BackupSourceContract;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;

class SqliteSourceContractTest extends BackupSourceContract {
  @Override
  protected BackupSourceProvider provider() {
    return new SqliteSourceProvider();
  }

  @Override
  protected ProviderOptions install(Path home) throws SQLException {
    execute(home, "CREATE TABLE users (user_id TEXT)", "INSERT INTO users VALUES ('alice')");
    return new ProviderOptions("sqlite", Map.of("path", database(home).toString()));
  }

  @Override
  protected void mutate(Path home) throws SQLException {
    execute(home, "INSERT INTO users SELECT 'user-' || count(*) FROM users");
  }

  @Override
  protected Object state(Path home) throws SQLException {
    return Rows.of(database(home));
  }

  @Override
  protected void breakInstallation(Path home) throws Exception {
    Files.writeString(database(home), "not a database");
  }

  private static Path database(Path home) {
    return home.resolve("openmemory.db");
  }

  private static void execute(Path home, String... statements) throws SQLException {
    try (Connection db = DriverManager.getConnection("jdbc:sqlite:" + database(home));
        Statement sql = db.createStatement()) {
      sql.execute("PRAGMA busy_timeout = 30000");
      for (String statement : statements) {
        sql.execute(statement);
      }
    }
  }
}
