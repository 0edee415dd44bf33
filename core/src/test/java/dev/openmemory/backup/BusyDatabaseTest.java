package dev.openmemory.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.sample.ChildJvm;
import dev.openmemory.backup.testkit.InMemoryBackupTarget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a backup has of a database that is written to is what was there at one instant. */
class BusyDatabaseTest {
  @TempDir Path temp;
  private final AtomicInteger committed = new AtomicInteger();

  @ParameterizedTest
  @ValueSource(strings = {"WAL", "DELETE"})
  void aBackupWhileAThreadCommitsHoldsAPrefixOfItsTransactions(String journalMode)
      throws Exception {
    ExecutorService thread = Executors.newSingleThreadExecutor();
    try {
      Future<?> writer =
          thread.submit(
              () -> {
                CommittingWriter.commit(database(), journalMode, committed::set);
                return null;
              });
      assertBackupsHoldPrefixes(3, () -> !writer.isDone());
    } finally {
      thread.shutdownNow();
      assertThat(thread.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"WAL", "DELETE"})
  @Tag("services")
  void soDoTwentyWhileAProcessCommits(String journalMode) throws Exception {
    try (ChildJvm writer =
        ChildJvm.start(CommittingWriter.class, List.of(), database(), journalMode)) {
      Thread reader =
          new Thread(
              () -> writer.output().lines().forEach(line -> committed.set(Integer.parseInt(line))));
      reader.start();
      assertBackupsHoldPrefixes(20, writer::isAlive);
      writer.kill();
      reader.join();
    }
  }

  private void assertBackupsHoldPrefixes(int count, BooleanSupplier writes) throws Exception {
    awaitCommits(committed, 20);
    Backups backups = Backups.in(new InMemoryBackupTarget());
    for (int i = 0; i < count; i++) {
      int before = committed.get();
      String name = "busy-" + i;
      backups.create(Installation.at(home()), BackupRequest.named(name));
      assertThat(writes.getAsBoolean()).isTrue();
      assertPrefix(restore(backups, name), before);
      awaitCommits(committed, before + 5);
    }
  }

  private Path home() {
    return temp.resolve("openmemory");
  }

  private Path database() throws IOException {
    return Files.createDirectories(home().resolve("api")).resolve("openmemory.db");
  }

  private Path restore(Backups backups, String name) throws Exception {
    Path folder = temp.resolve(name);
    backups.restore(
        new BackupName(name),
        Installation.inFolder(folder),
        RestoreRequest.STANDARD
            .withOnly(Set.of("database"))
            .acceptingMismatch()
            .discardingPrevious());
    return folder.resolve("api/openmemory.db");
  }

  private static void assertPrefix(Path database, int atLeast) throws Exception {
    try (Connection db = DriverManager.getConnection("jdbc:sqlite:" + database)) {
      assertThat(text(db, "PRAGMA integrity_check")).isEqualTo("ok");
      int last = number(db, "SELECT value FROM counter");
      assertThat(last).isGreaterThanOrEqualTo(atLeast);
      for (String table : List.of("ledger", "left_half", "right_half")) {
        assertThat(number(db, "SELECT count(*) FROM " + table)).as(table).isEqualTo(last);
        assertThat(number(db, "SELECT max(seq) FROM " + table)).as(table).isEqualTo(last);
      }
    }
  }

  private static void awaitCommits(AtomicInteger committed, int atLeast)
      throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (committed.get() < atLeast) {
      assertThat(System.nanoTime()).as("deadline for commits").isLessThan(deadline);
      TimeUnit.MILLISECONDS.sleep(5);
    }
  }

  private static String text(Connection db, String query) throws Exception {
    try (Statement sql = db.createStatement();
        ResultSet row = sql.executeQuery(query)) {
      row.next();
      return row.getString(1);
    }
  }

  private static int number(Connection db, String query) throws Exception {
    return Integer.parseInt(text(db, query));
  }
}
