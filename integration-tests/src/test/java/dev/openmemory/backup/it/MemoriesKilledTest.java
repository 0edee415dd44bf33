package dev.openmemory.backup.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.BackupEvent.LeftoverHandled;
import dev.openmemory.backup.BackupRequest;
import dev.openmemory.backup.BackupTargets;
import dev.openmemory.backup.Backups;
import dev.openmemory.backup.cli.Main;
import dev.openmemory.backup.sample.ChildJvm;
import dev.openmemory.backup.sample.LiveMemories;
import dev.openmemory.backup.spi.BackupTarget;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code kill -9} of {@code memories restore}, and the backup that comes next. What each moment
 * leaves is enumerated by {@code MemoryRestoreFaultTest} of core.
 */
@Tag("services")
@Timeout(300)
class MemoriesKilledTest {
  private static final String READ = "POST /collections/openmemory/points";
  private static final String PUT = "PUT /collections/openmemory/points.*";

  @TempDir Path temp;
  private LiveMemories live;
  private BackupTarget target;
  private Backups backups;
  private List<UUID> deleted;
  private List<String> leftMemories;
  private Map<String, String> leftPoints;
  private final List<String> handled = new ArrayList<>();

  @BeforeEach
  void deleteSome() throws Exception {
    live = LiveMemories.in(temp.resolve("openmemory"));
    target = BackupTargets.open(temp.resolve("backups"));
    backups =
        Backups.in(target)
            .withListener(
                event -> {
                  if (event instanceof LeftoverHandled left) {
                    handled.add(left.what());
                  }
                });
    backups.create(live.installation(), BackupRequest.named("first"));
    deleted =
        live.qdrant().ids(LiveMemories.COLLECTION).stream()
            .limit(30)
            .map(UUID::fromString)
            .toList();
    for (UUID id : deleted) {
      live.delete(id);
    }
    leftMemories = live.memories();
    leftPoints = live.points();
  }

  @AfterEach
  void close() throws Exception {
    target.close();
    live.close();
  }

  private ChildJvm restore() throws Exception {
    List<Object> arguments = new ArrayList<>(List.of("memories", "restore", "first"));
    deleted.forEach(id -> arguments.add(id.toString()));
    arguments.addAll(List.of("--yes", "--home", live.home(), "--qdrant-url", live.qdrant().uri()));
    arguments.addAll(List.of("--db", live.database().file(), "--target", temp.resolve("backups")));
    return ChildJvm.start(Main.class, List.of(), arguments.toArray());
  }

  /** Ends it while the server works on a request that comes after the question. */
  private void killAt(String... requests) throws Exception {
    ChildJvm[] child = new ChildJvm[1];
    Runnable action =
        () -> {
          try {
            child[0].kill();
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
        };
    for (int i = requests.length - 1; i >= 0; i--) {
      String request = requests[i];
      Runnable next = action;
      action = () -> live.qdrant().before(request, next);
    }
    action.run();
    try (ChildJvm started = restore()) {
      child[0] = started;
      assertThat(started.waitForExit()).isEqualTo(137);
    }
  }

  private Path journal() {
    return live.home().resolve(".openmemory-backup/memories.json");
  }

  private void assertTheNextBackupTakesItBack() throws Exception {
    assertThat(journal()).exists();
    backups.create(live.installation(), BackupRequest.named("next"));
    assertThat(handled).contains("took back changes of memories that a process had begun");
    assertThat(journal()).doesNotExist();
    assertThat(live.memories()).isEqualTo(leftMemories);
    assertThat(live.points()).isEqualTo(leftPoints);
  }

  @Test
  void whilePointsArePut() throws Exception {
    killAt(PUT);
    assertTheNextBackupTakesItBack();
  }

  @Test
  void whilePointsAreReadAgain() throws Exception {
    killAt(PUT, READ);
    assertThat(live.points()).hasSize(leftPoints.size() + deleted.size());
    assertTheNextBackupTakesItBack();
  }

  @Test
  void whileItWaitsForTheDatabase() throws Exception {
    try (Connection db = DriverManager.getConnection("jdbc:sqlite:" + live.database().file());
        Statement sql = db.createStatement()) {
      CountDownLatch put = new CountDownLatch(1);
      live.qdrant()
          .before(
              PUT,
              () -> {
                execute(sql, "BEGIN IMMEDIATE");
                live.qdrant().before(READ, put::countDown);
              });
      try (ChildJvm child = restore()) {
        put.await();
        child.kill();
      }
      sql.execute("ROLLBACK");
    }
    assertTheNextBackupTakesItBack();
  }

  private static void execute(Statement statement, String sql) {
    try {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void afterItWasDoneAllOfItStays() throws Exception {
    try (ChildJvm child = restore()) {
      assertThat(child.output().lines().toList()).anyMatch(line -> line.contains("30 memories"));
      assertThat(child.waitForExit()).isZero();
    }
    backups.create(live.installation(), BackupRequest.named("next"));
    assertThat(handled).isEmpty();
    assertThat(live.points()).hasSize(leftPoints.size() + deleted.size());
  }
}
