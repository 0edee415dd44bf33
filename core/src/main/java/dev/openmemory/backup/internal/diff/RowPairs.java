package dev.openmemory.backup.internal.diff;

import dev.openmemory.backup.internal.sqlite.Sql;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The rows of one table in both databases, matched by a key. Of rows with the same key the first
 * goes with the first, the second with the second. Only keys and rowids are copied, to a temporary
 * table on the disk.
 */
record RowPairs(Statement statement, TableShape before, TableShape after, List<String> compared)
    implements AutoCloseable {
  private static final String BEFORE = "temp.keys_before";
  private static final String AFTER = "temp.keys_after";
  private static final String SAME_KEY = "q.id = p.id AND q.nth = p.nth";

  /**
   * Matches the rows.
   *
   * @param key SQL for the key of a row of {@code t}, a text
   * @param compared columns that both have
   */
  static RowPairs match(
      Statement statement, TableShape before, TableShape after, String key, List<String> compared)
      throws SQLException {
    RowPairs pairs = new RowPairs(statement, before, after, compared);
    pairs.fill(BEFORE, before, key);
    pairs.fill(AFTER, after, key);
    return pairs;
  }

  private void fill(String keys, TableShape table, String key) throws SQLException {
    statement.executeUpdate("DROP TABLE IF EXISTS " + keys);
    statement.executeUpdate(
        "CREATE TABLE "
            + keys
            + " (id TEXT NOT NULL, nth INTEGER NOT NULL, source INTEGER NOT NULL,"
            + " PRIMARY KEY (id, nth)) WITHOUT ROWID");
    statement.executeUpdate(
        Sql.of(
            "INSERT INTO %s SELECT id, row_number() OVER (PARTITION BY id ORDER BY source), source"
                + " FROM (SELECT %s AS id, t.rowid AS source FROM %s t)",
            keys, key, table.sql()));
  }

  /** SQL for some values of each row {@code a} that the second database lacks, by key. */
  String removed(String values) {
    return alone(values, BEFORE, before, "a", AFTER);
  }

  /** SQL for some values of each row {@code b} that the first database lacks, by key. */
  String added(String values) {
    return alone(values, AFTER, after, "b", BEFORE);
  }

  private static String alone(
      String values, String keys, TableShape table, String alias, String others) {
    return Sql.of(
        "SELECT %s FROM %s p CROSS JOIN %s %s ON %s.rowid = p.source"
            + " WHERE NOT EXISTS (SELECT 1 FROM %s q WHERE %s) ORDER BY p.id, p.nth",
        values, keys, table.sql(), alias, alias, others, SAME_KEY);
  }

  /** SQL for some values of each pair {@code a} and {@code b} that is different, by key. */
  String changed(String values) {
    return pairs(values) + " WHERE " + differ() + " ORDER BY p.id, p.nth";
  }

  /** How many pairs there are, and how many of them are different. */
  long[] count() throws SQLException {
    String sql = pairs("count(*), coalesce(sum(" + differ() + "), 0)");
    try (ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return new long[] {row.getLong(1), row.getLong(2)};
    }
  }

  private String pairs(String values) {
    return Sql.of(
        "SELECT %s FROM %s p CROSS JOIN %s q ON %s CROSS JOIN %s a ON a.rowid = p.source"
            + " CROSS JOIN %s b ON b.rowid = q.source",
        values, BEFORE, AFTER, SAME_KEY, before.sql(), after.sql());
  }

  /** Of row values, since a chain of a thousand comparisons would be too deep for SQLite. */
  private String differ() {
    return compared.isEmpty() ? "false" : "(" + all("a") + ") IS NOT (" + all("b") + ")";
  }

  private String all(String row) {
    return compared.stream().map(column -> value(row, column)).collect(Collectors.joining(", "));
  }

  /** SQL for whether one column of a pair is different. */
  static String differs(String column) {
    return value("a", column) + " IS NOT " + value("b", column);
  }

  private static String value(String row, String column) {
    return row + "." + Sql.quoted(column) + " COLLATE BINARY";
  }

  @Override
  public void close() throws SQLException {
    statement.executeUpdate("DROP TABLE IF EXISTS " + BEFORE);
    statement.executeUpdate("DROP TABLE IF EXISTS " + AFTER);
  }
}
