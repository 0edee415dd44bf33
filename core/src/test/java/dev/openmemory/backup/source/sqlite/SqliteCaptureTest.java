package dev.openmemory.backup.source.sqlite;

import static dev.openmemory.backup.sample.Failures.failureOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Facts;
import dev.openmemory.backup.source.SourceFixture;
import dev.openmemory.backup.source.sqlite.DatabaseUser.Role;
import dev.openmemory.backup.spi.BackupSource;
import dev.openmemory.backup.spi.Capture;
import dev.openmemory.backup.spi.ProviderOptions;
import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteCaptureTest {
  private static final String CANARY = "sk-LITERAL-canary-0000";

  @TempDir Path temporary;
  private final SqliteSourceProvider provider = new SqliteSourceProvider();
  private SourceFixture fixture;
  private Path home;

  @BeforeEach
  void createFolders() throws IOException {
    fixture = new SourceFixture(temporary.resolve("scratch ?#%&ü"));
    home = Files.createDirectory(temporary.resolve("api ?mode=ro&x#%41 ü"));
  }

  /** Somebody else who uses a database; see {@link SqliteProcessTest}. */
  Closeable use(Role role, Path database, String journalMode) throws Exception {
    return DatabaseUser.start(role, database, journalMode);
  }

  private Path sample() throws IOException {
    return SourceFixture.resource(
        SqliteCaptureTest.class, "openmemory.db", home.resolve("openmemory.db"));
  }

  private BackupSource source(Path file) throws BackupException {
    return provider.open(
        new ProviderOptions("sqlite", Map.of("path", file.toString(), "busy-timeout", "PT0.05S")));
  }

  private static Connection open(Path file) throws SQLException {
    return DriverManager.getConnection("jdbc:sqlite:" + file.toUri());
  }

  private static Path create(Path file, String... statements) throws SQLException {
    try (Connection connection = open(file);
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
    return file;
  }

  private Path restored(byte[] bytes) throws IOException {
    Path folder = Files.createTempDirectory(temporary, "copy");
    return Files.write(folder.resolve("copy.db"), bytes);
  }

  private static long number(Path file, String sql) throws SQLException {
    try (Connection connection = open(file);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      return rows.next() ? rows.getLong(1) : -1;
    }
  }

  private void assertFails(ThrowingCallable work, Kind kind, String... says) {
    assertThatThrownBy(work)
        .isInstanceOfSatisfying(BackupException.class, e -> assertThat(e.kind()).isEqualTo(kind))
        .hasMessageContainingAll(says);
    assertThat(fixture.scratch).isEmptyDirectory();
  }

  @Test
  void theFactsAreThoseOfTheInstallation() throws Exception {
    Path file = sample();
    try (Capture capture = fixture.checked(source(file))) {
      Facts facts = capture.facts();

      assertThat(facts.values())
          .containsEntry("memories", Map.of("active", 56L, "deleted", 3L, "paused", 2L));
      assertThat(facts.number("tables", "memories")).hasValue(61);
      assertThat(facts.number("tables", "apps")).hasValue(6);
      assertThat(facts.number("tables", "memory_categories")).hasValue(61);
      assertThat(facts.number("tables", "memory_status_history")).hasValue(66);
      assertThat(facts.texts("users")).hasSize(2).isSorted();
      assertThat(facts.text("settings", "providers", "embedder", "model"))
          .hasValue("text-embedding-3-small");
      assertThat(facts.texts("settings", "envReferences")).containsExactly("OPENAI_API_KEY");
      assertThat(facts.text("journalMode")).hasValue("delete");
      assertThat(facts.text("integrityCheck")).hasValue("ok");
      assertThat(facts.text("alembicRevision")).isEmpty();
      assertThat(facts.number("pageSize").getAsLong() * facts.number("pageCount").getAsLong())
          .isEqualTo(Files.size(file));
      assertThat(capture.detached()).isTrue();
      assertThat(capture.files())
          .singleElement()
          .satisfies(f -> assertThat(f.name()).isEqualTo("openmemory.db"));
    }
    assertThat(fixture.scratch).isEmptyDirectory();
  }

  @Test
  void aLiteralKeyIsNamedByItsPlaceAndNeverShown() throws Exception {
    try (Capture capture = fixture.checked(source(sample()))) {
      assertThat(fixture.warnings)
          .singleElement()
          .satisfies(
              warning -> {
                assertThat(warning.code()).isEqualTo("literal-key");
                assertThat(warning.message())
                    .contains("configs", "main", "api_key")
                    .doesNotContain(CANARY);
              });
      assertThat(capture.facts().toString()).doesNotContain(CANARY);
    }
  }

  @Test
  void theCopyGivesTheSameBytesTwiceAndAlsoAfterTheDatabaseIsGone() throws Exception {
    Path file = sample();
    Map<String, String> before = SourceFixture.contentOf(home);
    try (Capture capture = fixture.checked(source(file))) {
      assertThat(SourceFixture.contentOf(home)).isEqualTo(before);
      Files.delete(file);
      byte[] bytes = SourceFixture.bytesOf(capture);
      assertThat(SourceFixture.bytesOf(capture)).isEqualTo(bytes);
      assertThat(provider.inspect(SourceFixture.files("openmemory.db", bytes), fixture.context()))
          .isEqualTo(capture.facts());
    }
    assertThat(fixture.scratch).isEmptyDirectory();
  }

  @Test
  void tablesWithOddNamesAreCountedAndViewsAreNot() throws Exception {
    Path file =
        create(
            home.resolve("odd.db"),
            "CREATE TABLE \"a \"\"b\"\" '; DROP TABLE x--\"(x)",
            "INSERT INTO \"a \"\"b\"\" '; DROP TABLE x--\" VALUES (1), (2)",
            "CREATE TABLE sqlitefoo(x INTEGER PRIMARY KEY AUTOINCREMENT)",
            "CREATE VIEW v AS SELECT 1",
            "CREATE TABLE alembic_version(version_num)",
            "INSERT INTO alembic_version VALUES ('0b53c747049a')",
            "CREATE TABLE memories(no_state)",
            "CREATE TABLE configs(other)");
    try (Capture capture = fixture.checked(source(file))) {
      assertThat(capture.facts().values())
          .containsEntry(
              "tables",
              Map.of(
                  "a \"b\" '; DROP TABLE x--",
                  2L,
                  "sqlitefoo",
                  0L,
                  "alembic_version",
                  1L,
                  "memories",
                  0L,
                  "configs",
                  0L))
          .doesNotContainKeys("memories", "users");
      assertThat(capture.facts().text("alembicRevision")).hasValue("0b53c747049a");
    }
  }

  @Test
  void aClosedDatabaseKeepsWalModeInTheCopyAndNothingStaysBesideTheSource() throws Exception {
    Path file = create(home.resolve("wal.db"), "PRAGMA journal_mode=WAL", "CREATE TABLE t(x)");
    Map<String, String> before = SourceFixture.contentOf(home);
    try (Capture capture = fixture.checked(source(file))) {
      assertThat(SourceFixture.contentOf(home)).isEqualTo(before);
      assertThat(capture.facts().text("journalMode")).hasValue("wal");
      Path copy = restored(SourceFixture.bytesOf(capture));
      assertThat(number(copy, "SELECT count(*) FROM t")).isZero();
      assertThat(Files.readAllBytes(copy)[18]).isEqualTo((byte) 2);
    }
  }

  @Test
  void whatAKilledProcessLeftInTheLogIsInTheCopy() throws Exception {
    capturesCommittedRowsOfAKilledProcess("WAL", "-wal");
  }

  @Test
  void whatAKilledProcessDidNotCommitIsNotInTheCopy() throws Exception {
    capturesCommittedRowsOfAKilledProcess("DELETE", "-journal");
  }

  @Test
  void theLogAndTheJournalOfALinkedDatabaseAreThoseOfTheRealFile() throws Exception {
    Path link = Files.createSymbolicLink(temporary.resolve("link.db"), home.resolve("killed.db"));
    capturesCommittedRowsOfAKilledProcess("WAL", "-wal", link);
    Files.delete(home.resolve("killed.db"));
    Files.delete(home.resolve("killed.db-wal"));
    Files.deleteIfExists(home.resolve("killed.db-shm"));
    capturesCommittedRowsOfAKilledProcess("DELETE", "-journal", link);
  }

  private void capturesCommittedRowsOfAKilledProcess(String mode, String sidecar) throws Exception {
    capturesCommittedRowsOfAKilledProcess(mode, sidecar, home.resolve("killed.db"));
  }

  private void capturesCommittedRowsOfAKilledProcess(String mode, String sidecar, Path named)
      throws Exception {
    Path file = home.resolve("killed.db");
    use(Role.KILLED, file, mode).close();
    assertThat(home.resolve("killed.db" + sidecar)).isNotEmptyFile();
    byte[] database = Files.readAllBytes(file);

    try (Capture capture = fixture.checked(source(named))) {
      Path copy = restored(SourceFixture.bytesOf(capture));
      assertThat(number(copy, "SELECT count(*) FROM victim WHERE n > 0")).isEqualTo(200);
    }
    if (mode.equals("WAL")) {
      assertThat(Files.readAllBytes(file)).as("log not folded in").isEqualTo(database);
      assertThat(home.resolve("killed.db-wal")).isNotEmptyFile();
    }
  }

  @Test
  void everyCopyTakenWhileSomebodyWritesHoldsWholeTransactions() throws Exception {
    for (String mode : new String[] {"WAL", "DELETE", "TRUNCATE", "PERSIST"}) {
      Path file = home.resolve(mode + ".db");
      try (Closeable writer = use(Role.WRITER, file, mode)) {
        assertThat(writer).isNotNull();
        long last = 0;
        for (int i = 0; i < 2 || last == 0; i++) {
          last = assertWholePrefix(file, last);
        }
      }
    }
  }

  /** Takes a copy; gives its last transaction, which is not before {@code atLeast}. */
  private long assertWholePrefix(Path file, long atLeast) throws Exception {
    BackupSource patient =
        provider.open(new ProviderOptions("sqlite", Map.of("path", file.toString())));
    try (Capture capture = fixture.checked(patient)) {
      Path copy = restored(SourceFixture.bytesOf(capture));
      long n = number(copy, "SELECT n FROM counter");
      assertThat(n).isGreaterThanOrEqualTo(atLeast);
      assertThat(number(copy, "SELECT min(n) FROM pair")).isEqualTo(n);
      assertThat(number(copy, "SELECT max(n) FROM pair")).isEqualTo(n);
      assertThat(number(copy, "SELECT count(*) FROM log")).isEqualTo(n);
      assertThat(number(copy, "SELECT coalesce(max(n), 0) FROM log")).isEqualTo(n);
      assertThat(capture.facts().number("tables", "log")).hasValue(n);
      return n;
    }
  }

  @Test
  void anExclusiveLockBeyondTheTimeoutIsReportedWithFileAndTime() throws Exception {
    for (String mode : new String[] {"WAL", "DELETE"}) {
      Path file = create(home.resolve("locked-" + mode + ".db"), "CREATE TABLE t(x)");
      try (Closeable holder = use(Role.EXCLUSIVE, file, mode)) {
        assertThat(holder).isNotNull();
        BackupSource source = source(file);
        source.preflight(fixture.context());
        assertFails(() -> source.capture(fixture.context()), Kind.LOCKED, file.toString(), " ms");
      }
    }
  }

  @Test
  void cancellingEndsTheWaitForALock() throws Exception {
    Path file = create(home.resolve("locked.db"), "CREATE TABLE t(x)");
    try (Closeable holder = use(Role.EXCLUSIVE, file, "DELETE")) {
      assertThat(holder).isNotNull();
      BackupSource source =
          provider.open(
              new ProviderOptions(
                  "sqlite", Map.of("path", file.toString(), "busy-timeout", "PT1H")));
      Thread.currentThread().interrupt();
      assertFails(() -> source.capture(fixture.context()), Kind.CANCELLED, "stopped on request");
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Test
  void cancellingEndsTheIntegrityCheck() throws Exception {
    byte[] database = Files.readAllBytes(sample());
    fixture.cancellation.cancel();
    assertFails(
        () -> provider.inspect(SourceFixture.files("openmemory.db", database), fixture.context()),
        Kind.CANCELLED,
        "stopped on request");
  }

  @Test
  void aMissingFileIsNotFound() throws Exception {
    BackupSource source = source(home.resolve("missing.db"));
    assertFails(() -> source.preflight(fixture.context()), Kind.NOT_FOUND, "missing.db");
    assertFails(() -> source.capture(fixture.context()), Kind.NOT_FOUND, "missing.db");
    assertThat(home).isEmptyDirectory();
  }

  @Test
  void whatIsNotADatabaseFailsTheHeaderCheck() throws Exception {
    Path empty = Files.createFile(home.resolve("empty.db"));
    Path text = Files.writeString(home.resolve("text.db"), "password=" + CANARY + "\n".repeat(999));
    for (Path file : new Path[] {empty, text}) {
      BackupSource source = source(file);
      assertFails(
          () -> source.preflight(fixture.context()), Kind.CORRUPT, "file header", file.toString());
      assertFails(() -> source.capture(fixture.context()), Kind.CORRUPT, "file header");
      byte[] bytes = Files.readAllBytes(file);
      assertFails(
          () -> provider.inspect(SourceFixture.files("openmemory.db", bytes), fixture.context()),
          Kind.CORRUPT,
          "file header");
    }
  }

  @Test
  void aDirectoryIsNotADatabase() throws Exception {
    BackupSource source = source(home);
    assertFails(() -> source.preflight(fixture.context()), Kind.INVALID, "not a regular file");
  }

  @Test
  void aTruncatedDatabaseIsCorrupt() throws Exception {
    Path file = sample();
    byte[] whole = Files.readAllBytes(file);
    try (RandomAccessFile access = new RandomAccessFile(file.toFile(), "rw")) {
      access.setLength(whole.length / 2);
    }
    byte[] half = Files.readAllBytes(file);

    assertFails(() -> fixture.checked(source(file)), Kind.CORRUPT, file.toString());
    assertFails(
        () -> provider.inspect(SourceFixture.files("openmemory.db", half), fixture.context()),
        Kind.CORRUPT,
        "integrity_check");
  }

  @Test
  void overwrittenPagesFailTheIntegrityCheck() throws Exception {
    Path file = sample();
    try (RandomAccessFile access = new RandomAccessFile(file.toFile(), "rw")) {
      access.seek(access.length() / 2);
      access.write(new byte[64 * 1024]);
    }
    byte[] damaged = Files.readAllBytes(file);

    try (Capture capture = source(file).capture(fixture.context())) {
      // Writers are held for the capture, so the pages are not read there.
      assertThat(capture.facts()).isEqualTo(Facts.NONE);
      BackupException failure = failureOf(capture::check);
      assertThat(failure.kind()).isEqualTo(Kind.CORRUPT);
      assertThat(failure).hasMessageContaining("integrity_check");
    }
    assertFails(
        () -> provider.inspect(SourceFixture.files("openmemory.db", damaged), fixture.context()),
        Kind.CORRUPT,
        "integrity_check");
  }

  @Test
  void anUnreadableFileIsDenied() throws Exception {
    assumeTrue(!"root".equals(System.getProperty("user.name")), "root may read everything");
    Path file = sample();
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("---------"));

    assertFails(() -> source(file).preflight(fixture.context()), Kind.DENIED, file.toString());
  }

  @Test
  void aClosedWalDatabaseInAReadOnlyFolderIsCaptured() throws Exception {
    assumeTrue(!"root".equals(System.getProperty("user.name")), "root may write everywhere");
    Path file = create(home.resolve("wal.db"), "PRAGMA journal_mode=WAL", "CREATE TABLE t(x)");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--r--r--"));
    Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("r-xr-xr-x"));
    try (Capture capture = fixture.checked(source(file))) {
      assertThat(capture.facts().number("tables", "t")).hasValue(0);
    } finally {
      Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwx------"));
    }
  }
}
