package dev.openmemory.backup.cli.demo;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.SplittableRandom;

/**
 * What the writer does, one transaction for each number from 1: several tables change together, and
 * the outcome depends only on the numbers applied so far. A copy that holds half of one, or one
 * without those before it, differs from what {@link #apply} gives when it is run again.
 */
final class DemoTransactions implements AutoCloseable {
  private static final List<String> STATES = List.of("active", "paused", "archived", "deleted");

  private final DemoRandom random;
  private final int memoriesBefore;
  private final DemoRows rows;
  private final PreparedStatement history;
  private final PreparedStatement change;
  private final PreparedStatement touchUser;
  private final PreparedStatement touchApp;

  /**
   * Prepares the statements.
   *
   * @param memoriesBefore how many memories were there before transaction 1
   */
  DemoTransactions(Connection connection, DemoRandom random, int memoriesBefore)
      throws SQLException {
    this.random = random;
    this.memoriesBefore = memoriesBefore;
    rows = new DemoRows(connection, random);
    history =
        connection.prepareStatement(
            "INSERT INTO memory_status_history (id, memory_id, changed_by, old_state, new_state,"
                + " changed_at) SELECT ?, id, user_id, state, ?, ? FROM memories WHERE id = ?");
    change =
        connection.prepareStatement(
            "UPDATE memories SET state = ?, updated_at = ?, archived_at = ?, deleted_at = ?"
                + " WHERE id = ?");
    touchUser =
        connection.prepareStatement(
            "UPDATE users SET metadata = json_object('transactions', ?), updated_at = ?"
                + " WHERE id = ?");
    touchApp = connection.prepareStatement("UPDATE apps SET updated_at = ? WHERE id = ?");
  }

  /** Applies the transaction of that number; the caller commits. */
  void apply(long number) throws SQLException {
    SplittableRandom values = random.of("transaction", number);
    long added = memoriesBefore + number - 1;
    rows.memory(added, "active");
    long changed = values.nextLong(added);
    rows.access(memoriesBefore + number, changed);
    String memoryId = random.id("memory", changed);
    String state = STATES.get(values.nextInt(STATES.size()));
    String time = DemoRows.time(added);
    history.setString(1, random.id("history", memoriesBefore + number));
    history.setString(2, state);
    history.setString(3, time);
    history.setString(4, memoryId);
    history.executeUpdate();
    change.setString(1, state);
    change.setString(2, time);
    change.setString(3, state.equals("archived") ? time : null);
    change.setString(4, state.equals("deleted") ? time : null);
    change.setString(5, memoryId);
    change.executeUpdate();
    int app = rows.appOf(changed);
    touchUser.setLong(1, number);
    touchUser.setString(2, time);
    touchUser.setString(3, random.id("user", app % DemoRows.USERS));
    touchUser.executeUpdate();
    touchApp.setString(1, time);
    touchApp.setString(2, random.id("app", app));
    touchApp.executeUpdate();
  }

  @Override
  public void close() throws SQLException {
    rows.close();
    history.close();
    change.close();
    touchUser.close();
    touchApp.close();
  }
}
