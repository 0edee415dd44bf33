package dev.openmemory.backup.internal.diff;

import dev.openmemory.backup.diff.BackupDiff.Rows;
import dev.openmemory.backup.internal.sqlite.Sql;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Counts the different rows of a table that both databases have. */
record TableDifference(Statement statement, TableShape before, TableShape after) {
  /** A key of more columns is no key but the whole row. */
  private static final int MOST_KEY_COLUMNS = 16;

  /** Empty when the tables have no column in common. */
  Optional<Rows> rows() throws SQLException {
    List<String> shared = before.shared(after);
    if (shared.isEmpty()) {
      return Optional.empty();
    }
    boolean keyed =
        !before.key().isEmpty()
            && before.key().size() <= MOST_KEY_COLUMNS
            && before.hasKeyOf(after)
            && before.findsRows()
            && after.findsRows();
    return Optional.of(keyed ? byKey(shared) : byContent(shared));
  }

  private Rows byKey(List<String> shared) throws SQLException {
    String key =
        before.key().stream()
            .map(column -> "quote(t." + Sql.quoted(column) + ")")
            .collect(Collectors.joining(" || ',' || "));
    List<String> compared = shared.stream().filter(c -> !before.key().contains(c)).toList();
    try (RowPairs pairs = RowPairs.match(statement, before, after, key, compared)) {
      long[] counts = pairs.count();
      long both = counts[0];
      return new Rows(after.rows(statement) - both, before.rows(statement) - both, counts[1], both);
    }
  }

  /** Each row is one more in the second database or one less, so equal ones cancel out. */
  private Rows byContent(List<String> shared) throws SQLException {
    String columns = shared.stream().map(Sql::quoted).collect(Collectors.joining(", "));
    String groups =
        shared.stream()
            .map(column -> Sql.quoted(column) + " COLLATE BINARY")
            .collect(Collectors.joining(", "));
    String sql =
        Sql.of(
            "SELECT coalesce(sum(max(n, 0)), 0), coalesce(sum(max(-n, 0)), 0) FROM (SELECT sum(%s)"
                + " AS n FROM (SELECT -1 AS %s, %s FROM %s UNION ALL SELECT 1, %s FROM %s)"
                + " GROUP BY %s)",
            side(), side(), columns, before.sql(), columns, after.sql(), groups);
    try (ResultSet row = statement.executeQuery(sql)) {
      row.next();
      long added = row.getLong(1);
      long removed = row.getLong(2);
      return new Rows(added, removed, 0, before.rows(statement) - removed);
    }
  }

  /** The name of a column that the table does not have. */
  private String side() {
    String name = "side";
    while (before.has(name)) {
      name += "_";
    }
    return name;
  }
}
