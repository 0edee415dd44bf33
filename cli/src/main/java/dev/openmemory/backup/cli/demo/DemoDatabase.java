package dev.openmemory.backup.cli.demo;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;

/** Databases of OpenMemory's schema with made-up rows. */
final class DemoDatabase {
  private static final int BUSY_TIMEOUT_MILLIS = 20_000;

  private final DemoRandom random;
  private final int memories;

  DemoDatabase(DemoRandom random, int memories) {
    this.random = random;
    this.memories = memories;
  }

  /** Creates the database as it is after the first {@code transactions} of the writer. */
  void create(Path file, long transactions) throws IOException, SQLException {
    try (Connection connection = open(file)) {
      execute(connection, "PRAGMA synchronous = OFF");
      connection.setAutoCommit(false);
      // Indexes of what is there already are built in a fraction of the time.
      executeAll(connection, schema("CREATE TABLE "));
      insertReferences(connection);
      insertMemories(connection);
      executeAll(connection, schema("CREATE INDEX ", "CREATE UNIQUE INDEX "));
      try (DemoTransactions writer = new DemoTransactions(connection, random, memories)) {
        for (long number = 1; number <= transactions; number++) {
          writer.apply(number);
        }
      }
      connection.commit();
    }
  }

  /** Opens a database for reading and writing, waiting for others as OpenMemory does. */
  static Connection open(Path file) throws SQLException {
    SQLiteConfig config = new SQLiteConfig();
    config.setBusyTimeout(BUSY_TIMEOUT_MILLIS);
    // A writer that first reads would find the file locked when it comes to write.
    config.setTransactionMode(SQLiteConfig.TransactionMode.IMMEDIATE);
    return config.createConnection("jdbc:sqlite:" + file);
  }

  /** Opens a database for reading only. */
  static Connection openReadOnly(Path file) throws SQLException {
    SQLiteConfig config = new SQLiteConfig();
    config.setReadOnly(true);
    return config.createConnection("jdbc:sqlite:" + file);
  }

  /** How many of the writer's transactions a database holds if it holds whole ones. */
  long transactionsIn(Path file) throws SQLException {
    try (Connection connection = openReadOnly(file);
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("SELECT count(*) FROM memories")) {
      return result.getLong(1) - memories;
    }
  }

  private void insertReferences(Connection connection) throws SQLException {
    String now = DemoRows.time(0);
    for (int i = 0; i < DemoRows.USERS; i++) {
      insert(
          connection,
          "users",
          random.id("user", i),
          "user-" + i,
          "User " + i,
          null,
          "{}",
          now,
          now);
      insert(connection, "archive_policies", random.id("policy", i), "global", null, 90 + i, now);
    }
    for (int i = 0; i < DemoRows.APPS; i++) {
      String owner = random.id("user", i % DemoRows.USERS);
      insert(connection, "apps", random.id("app", i), owner, "app-" + i, null, "{}", 1, now, now);
      insert(
          connection,
          "access_controls",
          random.id("access control", i),
          "app",
          random.id("app", i),
          "memory",
          null,
          "allow",
          now);
    }
    for (int i = 0; i < DemoRows.CATEGORIES; i++) {
      String name = "category-" + i;
      insert(connection, "categories", random.id("category", i), name, "About " + name, now, now);
    }
    insert(
        connection, "configs", random.id("config", 0), "main", DemoInstallation.CONFIG, now, now);
  }

  private void insertMemories(Connection connection) throws SQLException {
    try (DemoRows rows = new DemoRows(connection, random)) {
      for (long number = 0; number < memories; number++) {
        SplittableRandom values = random.of("state", number);
        String state = stateOf(values.nextInt(100));
        rows.memory(number, state);
        rows.access(number, number);
        if (!state.equals("active")) {
          insert(
              connection,
              "memory_status_history",
              random.id("history", number),
              random.id("memory", number),
              random.id("user", rows.appOf(number) % DemoRows.USERS),
              "active",
              state,
              DemoRows.time(number));
        }
      }
    }
  }

  private static String stateOf(int percent) {
    if (percent < 80) {
      return "active";
    }
    return percent < 88 ? "paused" : percent < 95 ? "archived" : "deleted";
  }

  private static void insert(Connection connection, String table, @Nullable Object... values)
      throws SQLException {
    String marks = "?,".repeat(values.length);
    String sql =
        "INSERT INTO " + table + " VALUES (" + marks.substring(0, marks.length() - 1) + ")";
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        statement.setObject(i + 1, values[i]);
      }
      statement.executeUpdate();
    }
  }

  private static void executeAll(Connection connection, List<String> statements)
      throws SQLException {
    for (String statement : statements) {
      execute(connection, statement);
    }
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** The schema's statements that begin like one of these. */
  private static List<String> schema(String... beginnings) throws IOException {
    try (InputStream in =
        Objects.requireNonNull(DemoDatabase.class.getResourceAsStream("openmemory-schema.sql"))) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return Stream.of(text.split(";\\s*"))
          .filter(statement -> Stream.of(beginnings).anyMatch(statement::startsWith))
          .toList();
    }
  }
}
