package dev.openmemory.backup;

import static dev.openmemory.backup.sample.Failures.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.drill.DrillRequest;
import dev.openmemory.backup.memories.MemoryChange;
import dev.openmemory.backup.memories.MemoryChange.Action;
import dev.openmemory.backup.memories.MemoryRepairReport;
import dev.openmemory.backup.memories.MemoryRepairRequest;
import dev.openmemory.backup.memories.MemoryRestoreDialog;
import dev.openmemory.backup.sample.DoubleServerProvider;
import dev.openmemory.backup.sample.LiveMemories;
import dev.openmemory.backup.sample.StoredObjects;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Memories and vectors of an installation that runs are made to belong together. */
class MemoryRepairTest extends MemoryRestoreFixture {
  private static final String ORPHAN = "ffffffff-0000-0000-0000-000000000000";

  private static MemoryRepairRequest by(DrillRequest vectors) {
    return MemoryRepairRequest.STANDARD.withVectorsBy(vectors);
  }

  private MemoryRepairRequest repair() {
    return by(DrillRequest.STANDARD.withServer(DoubleServerProvider.server(log(), Map.of())));
  }

  private MemoryRepairReport repair(MemoryRepairRequest request) throws BackupException {
    return backups.repairMemories(live.installation(), request, dialog(() -> {}));
  }

  private void drop(int number) {
    live.qdrant().remove(LiveMemories.COLLECTION, ids.get(number).toString());
  }

  private final List<String> databasesRead = new ArrayList<>();

  private List<String> databasesRead() {
    return List.copyOf(databasesRead);
  }

  @BeforeEach
  void hear() {
    String begin = "database of ";
    backups =
        backups.withListener(
            event -> {
              if (event instanceof BackupEvent.PhaseStarted started
                  && started.subject().startsWith(begin)) {
                databasesRead.add(started.subject().substring(begin.length()));
              }
            });
  }

  @Test
  void missingVectorsComeFromTheNewestBackupWithTheSameText() throws Exception {
    drop(0);
    drop(1);
    live.edit(ids.get(2), "newer text");
    live.put(List.of(LiveMemories.point(ids.get(2), "newer text")));
    Map<String, String> newer = live.points();
    backUpLater("second", 1);
    drop(2);
    drop(3);
    live.edit(ids.get(3), "a text that no backup has");
    List<String> rows = live.memories();

    MemoryRepairReport plan = repair(repair().asDryRun());
    assertThat(plan.changes().applied()).isFalse();
    assertThat(plan.changes().count(Action.VECTOR)).isEqualTo(3);
    assertThat(plan.after().matched()).isEqualTo(54);
    MemoryRepairReport report = repair(repair());

    assertThat(report.changes().actions())
        .containsOnly(Map.entry(Action.VECTOR, 3L), Map.entry(Action.WITHOUT_VECTOR, 1L));
    assertThat(shown)
        .filteredOn(change -> change.action() == Action.WITHOUT_VECTOR)
        .extracting(MemoryChange::id)
        .containsExactly(ids.get(3).toString());
    assertThat(report.after().matched()).isEqualTo(57);
    assertThat(report.after().withoutVector().first()).containsExactly(ids.get(3).toString());
    Map<String, String> expected = new HashMap<>(points);
    expected.put(ids.get(2).toString(), newer.get(ids.get(2).toString()));
    expected.remove(ids.get(3).toString());
    assertThat(live.points()).isEqualTo(expected);
    assertThat(live.memories()).isEqualTo(rows);
  }

  private void backUpLater(String name, int days) throws Exception {
    live.backUp(backups.withClock(Clock.offset(CLOCK, Duration.ofDays(days))), name);
  }

  @Test
  void aVectorWithoutAMemoryStaysUnlessItIsToBeRemovedAndThenComesBackByAnUndo() throws Exception {
    live.put(List.of(LiveMemories.point(UUID.fromString(ORPHAN), "of no row")));
    live.database().run("UPDATE memories SET state = 'deleted' WHERE id = '" + digits(4) + "'");
    Map<String, String> before = live.points();

    MemoryRepairReport listed = repair(repair());
    assertThat(listed.changes().actions()).containsExactly(Map.entry(Action.ORPHAN, 2L));
    assertThat(shown)
        .extracting(change -> change.before().orElseThrow().text())
        .containsExactlyInAnyOrder("of no row", "as it was");
    assertThat(live.points()).isEqualTo(before);
    MemoryRepairReport dropped = repair(repair().droppingOrphans());

    assertThat(dropped.changes().actions()).containsExactly(Map.entry(Action.DROP, 2L));
    assertThat(dropped.after().withoutMemory().count()).isZero();
    assertThat(dropped.after().ofDeleted().count()).isZero();
    assertThat(live.points()).hasSize(57);
    assertThat(log()).doesNotExist();
    backups.undoMemories(
        dropped.changes().undoFile().orElseThrow(),
        live.installation(),
        false,
        MemoryRestoreDialog.AGREE);
    assertThat(live.points()).isEqualTo(before);
  }

  private String digits(int number) {
    return LiveMemories.digits(ids.get(number));
  }

  @Test
  void aVectorThatHasGotItsMemorySinceIsNotRemoved() throws Exception {
    live.put(List.of(LiveMemories.point(UUID.fromString(ORPHAN), "of no row yet")));
    Map<String, String> before = live.points();
    Runnable add =
        () -> {
          try {
            live.database()
                .run(
                    "INSERT INTO memories (id, user_id, app_id, content) SELECT '"
                        + ORPHAN.replace("-", "")
                        + "', user_id, app_id, 'now' FROM memories LIMIT 1");
          } catch (SQLException e) {
            throw new AssertionError(e);
          }
        };
    BackupException failure =
        failureOf(
            () ->
                backups.repairMemories(
                    live.installation(), repair().droppingOrphans(), dialog(add)));
    assertThat(failure).hasMessageContaining("another program has changed it");
    assertThat(live.points()).isEqualTo(before);
  }

  @Test
  void aBackupThatCannotBeUsedIsNamedAndOlderOnesAreUsed() throws Exception {
    backUpLater("second", 1);
    new StoredObjects(target).flip("second/openmemory.db");
    drop(0);

    MemoryRepairReport report = repair(repair());

    assertThat(report.changes().warnings())
        .singleElement()
        .satisfies(warning -> assertThat(warning.code()).isEqualTo("backup-left-out"))
        .satisfies(
            warning -> assertThat(warning.message()).startsWith("backup second is left out"));
    assertAllIsAsBefore();
  }

  @Test
  void noMoreDatabasesAreReadThanTheRequestAllows() throws Exception {
    for (int i = 1; i <= 4; i++) {
      live.edit(ids.get(9), "text of day " + i);
      backUpLater("day-" + i, i);
    }
    live.edit(ids.get(0), "a text that no backup has");
    live.edit(ids.get(9), "as it was");
    drop(0);

    MemoryRepairReport some = repair(repair().withBackups(2));

    assertThat(some.searched()).isEqualTo(2);
    assertThat(some.notSearched()).isEqualTo(3);
    assertThat(databasesRead()).containsExactly("day-4", "day-3");
    MemoryRepairReport all = repair(repair().withBackups(5));
    assertThat(all.searched()).isEqualTo(5);
    assertThat(all.notSearched()).isZero();
  }

  @Test
  void theSearchEndsWhenNothingIsMissing() throws Exception {
    live.edit(ids.get(9), "of another day");
    backUpLater("second", 1);
    drop(0);
    MemoryRepairReport report = repair(repair().withBackups(1));
    assertThat(report.searched()).isEqualTo(1);
    assertThat(report.notSearched()).isZero();
    assertThat(databasesRead()).containsExactly("second");
  }

  @Test
  void aDatabaseThatIsKnownIsNotReadAgain() throws Exception {
    for (int i = 1; i <= 3; i++) {
      backUpLater("same-" + i, i);
    }
    live.edit(ids.get(0), "a text that no backup has");
    drop(0);
    MemoryRepairReport report = repair(repair().withBackups(1));
    assertThat(report.searched()).isEqualTo(4);
    assertThat(report.notSearched()).isZero();
    assertThat(databasesRead()).containsExactly("same-3");
  }

  /** With other vectors it is read: those may have what is missing. */
  @Test
  void aKnownDatabaseWithOtherVectorsIsReadAgain() throws Exception {
    drop(0);
    backUpLater("without", 1);
    MemoryRepairReport report = repair(repair());
    assertThat(databasesRead()).containsExactly("without", "first");
    assertThat(report.changes().count(Action.VECTOR)).isEqualTo(1);
    assertAllIsAsBefore();
  }

  @Test
  void aBackupOfAnotherEmbedderIsLeftOut() throws Exception {
    drop(0);
    live.database()
        .run(
            "UPDATE configs SET value = json_set(value, '$.mem0.embedder.config.model',"
                + " 'nomic-embed-text') WHERE key = 'main'");
    Map<String, String> before = live.points();
    MemoryRepairReport report = repair(repair());
    assertThat(report.changes().actions()).containsExactly(Map.entry(Action.WITHOUT_VECTOR, 1L));
    assertThat(report.changes().warnings()).singleElement().asString().contains("nomic-embed-text");
    assertThat(live.points()).isEqualTo(before);
  }

  @Test
  void whatBelongsTogetherIsLeftAlone() throws Exception {
    MemoryRepairReport report = repair(repair().droppingOrphans());
    assertThat(report.changes().actions()).isEmpty();
    assertThat(report.changes().applied()).isFalse();
    assertThat(report.after().everyMemoryHasItsVector()).isTrue();
    assertThat(log()).doesNotExist();
    assertAllIsAsBefore();
  }
}
