package dev.openmemory.backup.cli.demo;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.SplittableRandom;

/** Writes rows of OpenMemory's tables; what is in a row depends on its number alone. */
final class DemoRows implements AutoCloseable {
  static final int USERS = 5;
  static final int APPS = 12;
  static final int CATEGORIES = 20;

  private static final LocalDateTime EPOCH = LocalDateTime.of(2024, 3, 1, 8, 0);
  private static final DateTimeFormatter DATETIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSSSSS", Locale.ROOT);

  private final DemoRandom random;
  private final PreparedStatement memory;
  private final PreparedStatement link;
  private final PreparedStatement access;

  DemoRows(Connection connection, DemoRandom random) throws SQLException {
    this.random = random;
    memory =
        connection.prepareStatement(
            "INSERT INTO memories (id, user_id, app_id, content, metadata, state, created_at,"
                + " updated_at, archived_at, deleted_at) VALUES (?,?,?,?,?,?,?,?,?,?)");
    link =
        connection.prepareStatement(
            "INSERT INTO memory_categories (memory_id, category_id) VALUES (?,?)");
    access =
        connection.prepareStatement(
            "INSERT INTO memory_access_logs (id, memory_id, app_id, accessed_at, access_type,"
                + " metadata) VALUES (?,?,?,?,?,?)");
  }

  /** Inserts the memory with its categories. */
  void memory(long number, String state) throws SQLException {
    SplittableRandom values = random.of("memory row", number);
    String id = random.id("memory", number);
    int app = appOf(number);
    String time = time(number);
    memory.setString(1, id);
    memory.setString(2, random.id("user", app % USERS));
    memory.setString(3, random.id("app", app));
    memory.setString(4, DemoRandom.text(values, values.nextInt(40, 240)));
    memory.setString(5, "{\"source_app\": \"openmemory\", \"mcp_client\": \"client-" + app + "\"}");
    memory.setString(6, state);
    memory.setString(7, time);
    memory.setString(8, time);
    memory.setString(9, state.equals("archived") ? time : null);
    memory.setString(10, state.equals("deleted") ? time : null);
    memory.executeUpdate();
    int first = values.nextInt(CATEGORIES);
    int links = values.nextInt(1, 3);
    for (int i = 0; i < links; i++) {
      link.setString(1, id);
      link.setString(2, random.id("category", (first + i * 7L) % CATEGORIES));
      link.executeUpdate();
    }
  }

  /** Inserts the access of the given number, to that memory. */
  void access(long number, long memoryNumber) throws SQLException {
    access.setString(1, random.id("access", number));
    access.setString(2, random.id("memory", memoryNumber));
    access.setString(3, random.id("app", appOf(memoryNumber)));
    access.setString(4, time(number));
    access.setString(5, number % 3 == 0 ? "search" : "list");
    access.setString(6, "{\"query\": \"" + DemoRandom.text(random.of("query", number), 20) + "\"}");
    access.executeUpdate();
  }

  /** The app that owns the memory; its user is the app's number modulo the users. */
  int appOf(long memoryNumber) {
    return random.of("app of memory", memoryNumber).nextInt(APPS);
  }

  /** A point in time, later for higher numbers, as SQLAlchemy writes it. */
  static String time(long number) {
    return DATETIME.format(EPOCH.plusSeconds(number * 61).plusNanos(number % 1_000_000 * 1_000));
  }

  @Override
  public void close() throws SQLException {
    memory.close();
    link.close();
    access.close();
  }
}
