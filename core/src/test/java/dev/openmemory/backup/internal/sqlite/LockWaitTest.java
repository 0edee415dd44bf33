package dev.openmemory.backup.internal.sqlite;

import static dev.openmemory.backup.sample.Failures.failureOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Cancellation;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A database that another connection locks for a minute, by a clock that the test moves. */
class LockWaitTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  @TempDir Path temp;
  private Connection other;
  private Connection ours;
  private final Cancellation cancellation = new Cancellation();
  private Duration passed = Duration.ZERO;
  private Duration released = Duration.ofDays(1);

  @BeforeEach
  void lock() throws SQLException {
    other = open();
    ours = open();
    execute(other, "CREATE TABLE memories (id)");
    execute(other, "BEGIN IMMEDIATE");
  }

  @AfterEach
  void close() throws SQLException {
    ours.close();
    other.close();
  }

  private Connection open() throws SQLException {
    return DriverManager.getConnection(
        "jdbc:sqlite:" + temp.resolve("openmemory.db") + "?busy_timeout=0");
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private void insert(Duration patience) throws SQLException, IOException {
    new LockWait(patience, cancellation, this::pass, () -> passed.toNanos())
        .run("change", "file", () -> execute(ours, "INSERT INTO memories VALUES (1)"));
  }

  private void pass(Duration duration) throws BackupException {
    passed = passed.plus(duration);
    if (passed.compareTo(released) >= 0) {
      released = Duration.ofDays(1);
      try {
        execute(other, "ROLLBACK");
      } catch (SQLException e) {
        throw new AssertionError(e);
      }
    }
  }

  @Test
  void itIsWaitedForAsLongAsItMayTake() throws Exception {
    released = MINUTE.minusSeconds(1);
    insert(MINUTE);
    assertThat(passed).isBetween(MINUTE.minusSeconds(1), MINUTE);
  }

  @Test
  void afterThatTimeItIsLocked() {
    assertThat(failureOf(() -> insert(Duration.ofSeconds(30))))
        .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.LOCKED))
        .hasMessageContaining("another process held its lock for 30000 ms");
    assertThat(passed).isEqualTo(Duration.ofSeconds(30));
  }

  @Test
  void aCancellationEndsIt() {
    cancellation.cancel();
    assertThat(failureOf(() -> insert(MINUTE)).kind()).isEqualTo(Kind.CANCELLED);
    assertThat(passed).isZero();
  }

  @Test
  void anotherFailureIsNotRepeated() throws Exception {
    execute(other, "DROP TABLE memories");
    execute(other, "COMMIT");
    assertThatThrownBy(() -> insert(MINUTE)).isInstanceOf(SQLException.class);
    assertThat(passed).isZero();
  }
}
