package dev.openmemory.backup.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatabaseComparisonTest {
  private static final DemoDatabase DATA = new DemoDatabase(new DemoRandom(7), 200);

  @TempDir Path temp;
  private Path expected;
  private Path actual;

  @BeforeEach
  void createBoth() throws IOException, SQLException {
    expected = temp.resolve("expected.db");
    actual = temp.resolve("actual.db");
    DATA.create(expected, 30);
    DATA.create(actual, 30);
  }

  @Test
  void theSameSeedAndTransactionsGiveTheSameRows() throws SQLException {
    DatabaseComparison comparison = DatabaseComparison.of(expected, actual);
    assertThat(comparison.differences()).isEmpty();
    assertThat(comparison.tables()).isEqualTo(10);
    assertThat(comparison.rows()).isGreaterThan(800);
    assertThat(DATA.transactionsIn(actual)).isEqualTo(30);
  }

  @Test
  void aChangedValueIsADifference() throws SQLException {
    change("UPDATE memories SET content = content || ' ' WHERE rowid = 17");
    assertThat(DatabaseComparison.of(expected, actual).differences())
        .hasSize(2)
        .allMatch(difference -> difference.startsWith("memories: 1 "));
  }

  @Test
  void aMissingRowIsADifference() throws SQLException {
    change("DELETE FROM memory_access_logs WHERE rowid = 3");
    assertThat(DatabaseComparison.of(expected, actual).differences())
        .singleElement()
        .asString()
        .startsWith("memory_access_logs: 1 missing");
  }

  @Test
  void anAdditionalRowIsADifference() throws SQLException {
    change("INSERT INTO categories (id, name) VALUES ('x', 'x')");
    assertThat(DatabaseComparison.of(expected, actual).differences())
        .containsExactly("categories: 1 different or too many, such as x");
  }

  @Test
  void aMissingIndexIsADifference() throws SQLException {
    change("DROP INDEX ix_memories_state");
    assertThat(DatabaseComparison.of(expected, actual).differences())
        .singleElement()
        .asString()
        .startsWith("schema: 1 missing");
  }

  @Test
  void oneTransactionMoreOrLessIsADifference() throws IOException, SQLException {
    for (int transactions : new int[] {29, 31}) {
      Files.delete(actual);
      DATA.create(actual, transactions);
      assertThat(DatabaseComparison.of(expected, actual).differences()).hasSizeGreaterThan(4);
    }
  }

  @Test
  void aDamagedPageIsAnIntegrityProblem() throws IOException, SQLException {
    assertThat(DatabaseComparison.integrityProblems(actual)).isEmpty();
    change("CREATE TABLE filler AS SELECT randomblob(20000)");
    try (RandomAccessFile file = new RandomAccessFile(actual.toFile(), "rw")) {
      file.seek(4096 * 8);
      file.write(new byte[4096 * 4]);
    }
    assertThat(DatabaseComparison.integrityProblems(actual)).isNotEmpty();
  }

  private void change(String sql) throws SQLException {
    try (Connection connection = DemoDatabase.open(actual);
        Statement statement = connection.createStatement()) {
      assertThat(statement.executeUpdate(sql)).isBetween(0, 1);
    }
  }
}
