package dev.openmemory.backup.examples;

import dev.openmemory.backup.spi.BackupSourceProvider;
import dev.openmemory.backup.spi.ProviderOptions;
import dev.openmemory.backup.testkit.BackupSourceContract;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;

class VacuumedDatabaseSourceContractTest extends BackupSourceContract {
  @Override
  protected BackupSourceProvider provider() {
    return new VacuumedDatabaseSourceProvider();
  }

  @Override
  protected ProviderOptions install(Path home) throws SQLException {
    execute(home, "CREATE TABLE memories (id TEXT)");
    mutate(home);
    return new ProviderOptions("vacuumed", Map.of("file", database(home).toString()));
  }

  @Override
  protected void mutate(Path home) throws SQLException {
    execute(home, "INSERT INTO memories VALUES (hex(randomblob(16)))");
  }

  @Override
  protected Object state(Path home) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database(home));
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA busy_timeout = 30000");
      try (ResultSet ids =
          statement.executeQuery("SELECT group_concat(id) FROM memories ORDER BY id")) {
        return String.valueOf(ids.getString(1));
      }
    }
  }

  @Override
  protected void breakInstallation(Path home) throws Exception {
    Files.delete(database(home));
  }

  private static Path database(Path home) {
    return home.resolve("memories.db");
  }

  private static void execute(Path home, String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database(home));
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA busy_timeout = 30000");
      statement.execute(sql);
    }
  }
}
