package dev.openmemory.backup.source.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.source.SourceFixture;
import dev.openmemory.backup.source.sqlite.DatabaseUser.Role;
import dev.openmemory.backup.spi.BackupFiles;
import dev.openmemory.backup.spi.BackupSource;
import dev.openmemory.backup.spi.Capture;
import dev.openmemory.backup.spi.ProviderOptions;
import dev.openmemory.backup.spi.Restoration;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteRestoreTest {
  private static final String ID = "restore-1";

  @TempDir Path temporary;
  private SourceFixture fixture;
  Path home;
  Path database;
  private BackupFiles backup;

  @BeforeEach
  void backUpTheSample() throws IOException {
    fixture = new SourceFixture(temporary.resolve("scratch"));
    home = Files.createDirectory(temporary.resolve("api ?#% ü"));
    database = home.resolve("my memories ü.db");
    Path sample =
        SourceFixture.resource(
            SqliteRestoreTest.class, "openmemory.db", temporary.resolve("sample.db"));
    backup = SourceFixture.files("openmemory.db", Files.readAllBytes(sample));
  }

  private BackupSource source() throws BackupException {
    return new SqliteSourceProvider()
        .open(new ProviderOptions("sqlite", Map.of("path", database.toString())));
  }

  final Restoration prepare() throws IOException {
    return source().prepare(ID, backup, fixture.context());
  }

  private static long number(Path file, String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file.toUri());
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      return rows.next() ? rows.getLong(1) : -1;
    }
  }

  /** Somebody else who uses a database; see {@link SqliteProcessTest}. */
  Closeable use(Role role, Path database, String journalMode) throws Exception {
    return DatabaseUser.start(role, database, journalMode);
  }

  @Test
  void aRestoreIntoAFreshFolderIsPrivateAndComplete() throws Exception {
    home = temporary.resolve("fresh/api");
    database = home.resolve("openmemory.db");
    try (Restoration restoration = prepare()) {
      restoration.apply();
      assertThat(restoration.commit(false)).isEmpty();
    }

    assertThat(number(database, "SELECT count(*) FROM memories")).isEqualTo(61);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(database)))
        .isEqualTo("rw-------");
    assertThat(SourceFixture.contentOf(home)).containsOnlyKeys("", "openmemory.db");
  }

  @Test
  void logsAndJournalsFromBeforeAreNotAppliedToTheRestoredDatabase() throws Exception {
    for (String mode : new String[] {"WAL", "DELETE"}) {
      use(Role.KILLED, database, mode).close();
      try (Restoration restoration = prepare()) {
        restoration.apply();
        Path previous = restoration.commit(false).orElseThrow();

        assertThat(number(database, "SELECT count(*) FROM memories")).isEqualTo(61);
        assertThat(number(database, "SELECT count(*) FROM sqlite_master WHERE name = 'victim'"))
            .isZero();
        Path old = previous.resolve(database.getFileName());
        assertThat(number(old, "SELECT count(*) FROM victim WHERE n > 0")).isEqualTo(200);
      }
      SourceFixture.empty(home);
    }
  }

  @Test
  void rollbackGivesTheSameBytesAlsoOfLogsAndJournals() throws Exception {
    for (String mode : new String[] {"WAL", "DELETE"}) {
      use(Role.KILLED, database, mode).close();
      Map<String, String> before = SourceFixture.contentOf(home);
      Restoration restoration = prepare();
      restoration.apply();
      assertThat(number(database, "SELECT count(*) FROM memories")).isEqualTo(61);
      restoration.rollback();
      restoration.close();

      assertThat(SourceFixture.contentOf(home)).as(mode).isEqualTo(before);
      SourceFixture.empty(home);
    }
  }

  @Test
  void aRestorationIsTakenUpAgainByItsId() throws Exception {
    use(Role.KILLED, database, "WAL").close();
    Map<String, String> before = SourceFixture.contentOf(home);
    prepare().apply();

    assertThat(source().resume("another")).isEmpty();
    source().resume(ID).orElseThrow().rollback();
    assertThat(SourceFixture.contentOf(home)).isEqualTo(before);

    prepare().apply();
    assertThat(source().resume(ID).orElseThrow().commit(true)).isEmpty();
    assertThat(SourceFixture.contentOf(home))
        .containsOnlyKeys("", database.getFileName().toString());
    assertThat(number(database, "SELECT count(*) FROM memories")).isEqualTo(61);
  }

  @Test
  void damagedFilesAreFoundBeforeAnythingIsTouched() throws Exception {
    Files.writeString(database, "the present state");
    Map<String, String> before = SourceFixture.contentOf(home);
    byte[] whole = backup.open("openmemory.db").readAllBytes();
    byte[] half = Arrays.copyOf(whole, whole.length / 2);
    byte[] text = "no database".getBytes(java.nio.charset.StandardCharsets.UTF_8);
    for (byte[] bytes : new byte[][] {half, text, new byte[0]}) {
      backup = SourceFixture.files("openmemory.db", bytes);
      assertThatThrownBy(this::prepare)
          .isInstanceOfSatisfying(
              BackupException.class, e -> assertThat(e.kind()).isEqualTo(Kind.CORRUPT));
      assertThat(SourceFixture.contentOf(home)).isEqualTo(before);
    }
  }

  @Test
  void aFileThatIsNoDatabaseCanBeReplaced() throws Exception {
    Files.writeString(database, "damaged beyond repair");
    try (Restoration restoration = prepare()) {
      restoration.apply();
      Path previous = restoration.commit(false).orElseThrow();
      assertThat(previous.resolve(database.getFileName())).hasContent("damaged beyond repair");
    }
    assertThat(number(database, "SELECT count(*) FROM memories")).isEqualTo(61);
  }

  @Test
  void theRestoredFileHasTheModeOfTheOneBefore() throws Exception {
    Files.writeString(database, "before");
    Files.setPosixFilePermissions(database, PosixFilePermissions.fromString("rw-r--r--"));
    try (Restoration restoration = prepare()) {
      restoration.apply();
      restoration.commit(true);
    }
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(database)))
        .isEqualTo("rw-r--r--");
    assertThat(fixture.warnings).isEmpty();
  }

  @Test
  void aLinkToTheDatabaseStaysALink() throws Exception {
    Path real = Files.createDirectory(temporary.resolve("real")).resolve("real.db");
    Files.writeString(real, "before");
    Files.createSymbolicLink(database, Path.of("../real/real.db"));
    prepare().apply();
    Files.delete(real);
    source().resume(ID).orElseThrow().commit(true);

    assertThat(Files.isSymbolicLink(database)).isTrue();
    assertThat(real.getParent()).isEmptyDirectory();
  }

  @Test
  void walModeComesBack() throws Exception {
    Path wal = temporary.resolve("wal.db");
    try (Closeable writer = use(Role.WRITER, wal, "WAL")) {
      assertThat(writer).isNotNull();
      BackupSource source =
          new SqliteSourceProvider()
              .open(new ProviderOptions("sqlite", Map.of("path", wal.toString())));
      try (Capture capture = fixture.checked(source)) {
        backup = SourceFixture.files("openmemory.db", SourceFixture.bytesOf(capture));
      }
    }
    try (Restoration restoration = prepare()) {
      restoration.apply();
      restoration.commit(true);
    }
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database.toUri());
        Statement statement = connection.createStatement();
        ResultSet mode = statement.executeQuery("PRAGMA journal_mode")) {
      assertThat(mode.getString(1)).isEqualTo("wal");
    }
  }
}
