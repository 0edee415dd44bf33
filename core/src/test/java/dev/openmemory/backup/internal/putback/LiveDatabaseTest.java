package dev.openmemory.backup.internal.putback;

import static dev.openmemory.backup.sample.Failures.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Cancellation;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LiveDatabaseTest {
  @TempDir Path folder;

  /** The message is of the wait: SQLite's own answer would come without one. */
  @Test
  void readingWaitsForAWriterAsAChangeDoes() throws Exception {
    Path file = folder.resolve("live.db");
    LiveDatabase live = new LiveDatabase(file, Duration.ZERO, new Cancellation());
    try (Connection writer = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = writer.createStatement()) {
      statement.execute("CREATE TABLE memories (id)");
      statement.execute("BEGIN EXCLUSIVE");

      BackupException reading = failureOf(() -> live.read(connection -> true));
      BackupException changing = failureOf(() -> live.change(connection -> true));

      assertThat(reading.kind()).isEqualTo(Kind.LOCKED);
      assertThat(reading.fact()).contains("another process held its lock");
      assertThat(changing.fact()).contains("another process held its lock");
      statement.execute("ROLLBACK");
      Boolean read = live.read(connection -> true);
      assertThat(read).isTrue();
    }
  }
}
