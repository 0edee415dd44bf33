package dev.openmemory.backup.examples;

import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Facts;
import dev.openmemory.backup.spi.BackupFiles;
import dev.openmemory.backup.spi.BackupSource;
import dev.openmemory.backup.spi.Capture;
import dev.openmemory.backup.spi.Restoration;
import dev.openmemory.backup.spi.RunContext;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Optional;

/**
 * A database that SQLite itself copies, without its free pages. For databases in journal mode
 * {@code delete}, which have all in one file.
 */
record VacuumedDatabaseSource(Path file) implements BackupSource {
  static final String NAME = "openmemory.db";

  @Override
  public void preflight(RunContext context) throws IOException {
    context.cancellation().check();
    if (!Files.exists(file)) {
      throw Kind.NOT_FOUND.failure("read database", file.toString(), "does not exist");
    }
    ask(file, "PRAGMA schema_version");
  }

  @Override
  public Capture capture(RunContext context) throws IOException {
    preflight(context);
    Path copy = Files.createTempDirectory(context.scratch(), "database-").resolve(NAME);
    try {
      ask(file, "VACUUM INTO '" + copy.toString().replace("'", "''") + "'");
      return new VacuumedDatabase(copy, file.toString(), facts(copy), context);
    } catch (IOException | RuntimeException e) {
      VacuumedDatabase.remove(copy);
      throw e;
    }
  }

  /** Checks the database, and counts the memories. */
  static Facts facts(Path database) throws IOException {
    String found = ask(database, "PRAGMA integrity_check");
    if (!found.equals("ok")) {
      throw Kind.CORRUPT.failure("check database", NAME, found);
    }
    long memories = Long.parseLong(ask(database, "SELECT count(*) FROM memories"));
    return new Facts(Map.of("tables", Map.of("memories", memories)));
  }

  static Facts factsOf(BackupFiles files, RunContext context) throws IOException {
    Path copy = Files.createTempDirectory(context.scratch(), "database-").resolve(NAME);
    try {
      fetch(files, copy, context);
      return facts(copy);
    } finally {
      VacuumedDatabase.remove(copy);
    }
  }

  private static void fetch(BackupFiles files, Path copy, RunContext context) throws IOException {
    context.cancellation().check();
    try (InputStream in = files.open(files.names().get(0))) {
      Files.copy(in, copy);
    }
  }

  /** The first column of the first row; empty when the statement has no result. */
  private static String ask(Path database, String sql) throws IOException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA busy_timeout = 30000");
      if (!statement.execute(sql)) {
        return "";
      }
      try (ResultSet result = statement.getResultSet()) {
        return result.next() ? String.valueOf(result.getString(1)) : "";
      }
    } catch (SQLException e) {
      throw Kind.CORRUPT.failure("read database", NAME, "SQLite says: " + e.getMessage(), e);
    }
  }

  @Override
  public Restoration prepare(String restoreId, BackupFiles files, RunContext context)
      throws IOException {
    Path staging = Files.createDirectory(staging(restoreId));
    Restoration restoration = restoration(staging);
    try {
      fetch(files, staging.resolve("new"), context);
      facts(staging.resolve("new"));
      return restoration;
    } catch (IOException | RuntimeException e) {
      restoration.close();
      throw e;
    }
  }

  @Override
  public Optional<Restoration> resume(String restoreId) {
    Path staging = staging(restoreId);
    return Files.isDirectory(staging) ? Optional.of(restoration(staging)) : Optional.empty();
  }

  private Restoration restoration(Path staging) {
    return new ReplacedDatabase(file, new OneFileRestoration(file, staging));
  }

  private Path staging(String restoreId) {
    return file.resolveSibling("." + restoreId + "-database");
  }
}
