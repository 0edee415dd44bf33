package dev.openmemory.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.sample.ChildJvm;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.testkit.InMemoryBackupTarget;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BusyDatabaseTest {
  @TempDir Path temp;

  @ParameterizedTest
  @ValueSource(strings = {"WAL", "DELETE"})
  void twentyBackupsWhileAProcessCommitsHoldEachAPrefixOfItsTransactions(String journalMode)
      throws Exception {
    Path home = Files.createDirectories(temp.resolve("openmemory/api")).getParent();
    Path database = home.resolve("api/openmemory.db");
    AtomicInteger committed = new AtomicInteger();
    try (ChildJvm writer =
            ChildJvm.start(CommittingWriter.class, List.of(), database, journalMode);
        BackupTarget target = new InMemoryBackupTarget()) {
      Thread reader =
          new Thread(
              () -> writer.output().lines().forEach(line -> committed.set(Integer.parseInt(line))));
      reader.start();
      awaitCommits(committed, 20);
      Backups backups = Backups.in(target);
      for (int i = 0; i < 20; i++) {
        int before = committed.get();
        String name = "busy-" + i;
        backups.create(Installation.at(home), BackupRequest.named(name));
        assertThat(writer.isAlive()).isTrue();
        assertPrefix(restore(backups, name), before);
        awaitCommits(committed, before + 5);
      }
      writer.kill();
      reader.join();
    }
  }

  private Path restore(Backups backups, String name) throws Exception {
    Path folder = temp.resolve(name);
    backups.restore(
        new BackupName(name),
        Installation.inFolder(folder),
        new RestoreRequest(Set.of("database"), true, true, false));
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
