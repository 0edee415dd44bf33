package dev.openmemory.backup.source.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.Facts;
import dev.openmemory.backup.internal.sqlite.DatabaseCheck;
import dev.openmemory.backup.internal.sqlite.StagedDatabase;
import dev.openmemory.backup.source.SourceFixture;
import dev.openmemory.backup.source.sqlite.DatabaseUser.Role;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A database that was copied with the files beside it becomes one sound file. */
class StagedDatabaseTest {
  @TempDir Path temporary;
  private SourceFixture fixture;
  private Path home;

  @BeforeEach
  void createFolders() throws IOException {
    fixture = new SourceFixture(temporary.resolve("scratch ?#%&ü"));
    home = Files.createDirectory(temporary.resolve("api"));
  }

  @Test
  void aTransactionThatAKilledWriterDidNotCommitIsRolledBack() throws Exception {
    Path file = killed("DELETE");
    assertThat(home.resolve("killed.db-journal")).isNotEmptyFile();
    try (StagedDatabase staged = staged(file)) {
      byte[] copied = Files.readAllBytes(staged.file());
      staged.recover("the original");

      assertThat(Files.readAllBytes(staged.file())).isNotEqualTo(copied);
      assertHoldsWhatWasCommitted(staged);
    }
    assertThat(fixture.scratch).isEmptyDirectory();
  }

  @Test
  void whatAKilledWriterCommittedToItsLogIsFoldedIn() throws Exception {
    Path file = killed("WAL");
    assertThat(home.resolve("killed.db-wal")).isNotEmptyFile();
    try (StagedDatabase staged = staged(file)) {
      long before = Files.size(staged.file());
      staged.recover("the original");

      assertThat(Files.size(staged.file())).isGreaterThan(before);
      assertHoldsWhatWasCommitted(staged);
    }
    assertThat(fixture.scratch).isEmptyDirectory();
  }

  @Test
  void aLogThatIsCopiedWithoutItsIndexIsFoldedInToo() throws Exception {
    Path file = killed("WAL");
    Files.deleteIfExists(home.resolve("killed.db-shm"));
    try (StagedDatabase staged = staged(file)) {
      staged.recover("the original");
      assertHoldsWhatWasCommitted(staged);
    }
  }

  @Test
  void theOriginalAndItsFilesStayAsTheyAre() throws Exception {
    Path file = killed("DELETE");
    var before = SourceFixture.contentOf(home);
    try (StagedDatabase staged = staged(file)) {
      staged.recover("the original");
    }
    assertThat(SourceFixture.contentOf(home)).isEqualTo(before);
  }

  @Test
  void aSoundDatabaseKeepsItsBytes() throws Exception {
    Path sample =
        SourceFixture.resource(
            StagedDatabaseTest.class, "openmemory.db", home.resolve("openmemory.db"));
    for (String mode : new String[] {"DELETE", "WAL"}) {
      setMode(sample, mode);
      byte[] bytes = Files.readAllBytes(sample);
      try (StagedDatabase staged = staged(sample)) {
        staged.recover("the original");
        assertThat(staged.file()).as(mode).hasBinaryContent(bytes);
        assertIsAlone(staged);
      }
    }
  }

  @Test
  void whatIsNoDatabaseIsCorruptAndTheMessageNamesTheOriginal() throws Exception {
    Path text = Files.writeString(home.resolve("text.db"), "no database\n".repeat(1000));
    try (StagedDatabase staged = staged(text)) {
      assertThatThrownBy(() -> staged.recover("the original"))
          .isInstanceOfSatisfying(
              BackupException.class, e -> assertThat(e.kind()).isEqualTo(Kind.CORRUPT))
          .hasMessageContaining("the original");
    }
    assertThat(fixture.scratch).isEmptyDirectory();
  }

  /** Somebody else who uses a database; see {@link SqliteProcessTest}. */
  Closeable use(Role role, Path database, String journalMode) throws Exception {
    return DatabaseUser.start(role, database, journalMode);
  }

  private Path killed(String mode) throws Exception {
    Path file = home.resolve("killed.db");
    use(Role.KILLED, file, mode).close();
    return file;
  }

  /** A copy of the file and of those beside it. */
  private StagedDatabase staged(Path file) throws IOException {
    StagedDatabase staged = StagedDatabase.inScratch(fixture.context());
    for (String suffix : StagedDatabase.SUFFIXES) {
      Path beside = file.resolveSibling(file.getFileName() + suffix);
      if (Files.exists(beside)) {
        Files.copy(beside, staged.folder().resolve(StagedDatabase.NAME + suffix));
      }
    }
    return staged;
  }

  private static void assertHoldsWhatWasCommitted(StagedDatabase staged) throws Exception {
    assertIsAlone(staged);
    Facts facts = DatabaseCheck.run(staged.file(), "copy", new Cancellation());
    assertThat(facts.number("tables", "victim")).hasValue(200);
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + uri(staged.file()));
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT count(*) FROM victim WHERE n > 0")) {
      assertThat(rows.getLong(1)).isEqualTo(200);
    }
  }

  private static String uri(Path file) {
    return file.toUri() + "?mode=ro&immutable=1";
  }

  private static void assertIsAlone(StagedDatabase staged) throws IOException {
    try (var files = Files.list(staged.folder())) {
      assertThat(files).containsExactly(staged.file());
    }
  }

  private static void setMode(Path file, String mode) throws Exception {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file.toUri());
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA journal_mode=" + mode);
    }
  }
}
