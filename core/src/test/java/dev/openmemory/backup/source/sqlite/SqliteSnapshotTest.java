package dev.openmemory.backup.source.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.openmemory.backup.source.SourceFixture;
import dev.openmemory.backup.spi.BackupSource;
import dev.openmemory.backup.spi.Capture;
import dev.openmemory.backup.spi.ProviderOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Databases in a snapshot of a file system that was taken while they were in use. */
class SqliteSnapshotTest {
  @TempDir private Path temporary;
  private SourceFixture fixture;
  private Path snapshot;

  @BeforeEach
  void createFolders() throws IOException {
    fixture = new SourceFixture(temporary.resolve("scratch"));
    snapshot = Files.createDirectory(temporary.resolve("snapshot"));
    assumeTrue(!"root".equals(System.getProperty("user.name")), "root may write everywhere");
  }

  @AfterEach
  void allowRemoval() throws IOException {
    Files.setPosixFilePermissions(snapshot, PosixFilePermissions.fromString("rwx------"));
  }

  @Test
  void aLogThatWasNotFoldedInIsAppliedToTheCopy() throws Exception {
    takeDuring("PRAGMA journal_mode=WAL", "CREATE TABLE t(x)", "INSERT INTO t VALUES (1)");
    assertThat(snapshot.resolve("a.db-wal")).exists();
    assertThat(rowsOfCapture()).isEqualTo(1);
  }

  @Test
  void aTransactionThatDidNotEndIsRolledBackInTheCopy() throws Exception {
    takeDuring(
        "CREATE TABLE t(x)",
        "INSERT INTO t VALUES (1)",
        "PRAGMA cache_size=1",
        "BEGIN",
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000)"
            + " INSERT INTO t SELECT randomblob(500) FROM n");
    assertThat(snapshot.resolve("a.db-journal")).exists();
    assertThat(rowsOfCapture()).isEqualTo(1);
  }

  private void takeDuring(String... statements) throws SQLException, IOException {
    Path file = temporary.resolve("a.db");
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
      for (String name : List.of("a.db", "a.db-wal", "a.db-journal")) {
        if (Files.exists(temporary.resolve(name))) {
          Path copy = Files.copy(temporary.resolve(name), snapshot.resolve(name));
          Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString("r--r--r--"));
        }
      }
    }
    Files.setPosixFilePermissions(snapshot, PosixFilePermissions.fromString("r-xr-xr-x"));
  }

  /** Of a snapshot that stays as it was. */
  private long rowsOfCapture() throws IOException {
    Map<String, String> before = SourceFixture.contentOf(snapshot);
    Map<String, String> options = Map.of("path", snapshot.resolve("a.db").toString());
    BackupSource source = new SqliteSourceProvider().open(new ProviderOptions("sqlite", options));
    try (Capture capture = fixture.checked(source)) {
      assertThat(SourceFixture.contentOf(snapshot)).isEqualTo(before);
      return capture.facts().number("tables", "t").orElse(-1);
    }
  }
}
