package dev.openmemory.backup;

import static dev.openmemory.backup.sample.Failures.failureOf;
import static dev.openmemory.backup.sample.LiveMemories.digits;
import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.drill.DrillRequest;
import dev.openmemory.backup.internal.qdrant.WholePoint;
import dev.openmemory.backup.memories.MemoryChange;
import dev.openmemory.backup.memories.MemoryChange.Action;
import dev.openmemory.backup.memories.MemoryChange.VectorChange;
import dev.openmemory.backup.memories.MemoryDetails;
import dev.openmemory.backup.memories.MemoryQuery;
import dev.openmemory.backup.memories.MemoryRestoreDialog;
import dev.openmemory.backup.memories.MemoryRestoreReport;
import dev.openmemory.backup.sample.LiveMemories;
import dev.openmemory.backup.sample.Rows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Single memories of a backup come back into an installation that runs. */
class MemoryRestoreTest extends MemoryRestoreFixture {

  @Test
  void deletedMemoriesComeBackWithRowPayloadAndVectors() throws Exception {
    live.delete(ids.get(0));
    live.delete(ids.get(1));

    MemoryRestoreReport report = restore(request(ids.get(0), ids.get(1)));

    assertThat(report.applied()).isTrue();
    assertThat(report.actions()).containsExactly(Map.entry(Action.BRING_BACK, 2L));
    assertThat(report.vectorsFrom()).contains("double");
    assertThat(shown).extracting(MemoryChange::vector).containsOnly(VectorChange.ADD);
    assertThat(shown.get(0).before().orElseThrow().state()).isEqualTo("deleted");
    assertThat(shown.get(0).after().orElseThrow().state()).isEqualTo("active");
    assertAllIsAsBefore();
  }

  @Test
  void theHistoryGetsAnEntryAndTheLogOfAccessesTheNameOfTheBackup() throws Exception {
    live.delete(ids.get(0));
    List<String> history = Rows.of(live.database().file()).get("memory_status_history");

    restore(request(ids.get(0)));

    Map<String, List<String>> rows = Rows.of(live.database().file());
    assertThat(rows.get("memory_access_logs"))
        .singleElement()
        .asString()
        .contains(digits(ids.get(0)))
        .contains("|2026-12-01 08:09:10.000000|restore|{\"backup\":\"first\"}|");
    List<String> now = new ArrayList<>(rows.get("memory_status_history"));
    assertThat(now).containsAll(history);
    now.removeAll(history);
    assertThat(now)
        .singleElement()
        .asString()
        .contains("|" + digits(ids.get(0)) + "|")
        .endsWith("|deleted|active|2026-12-01 08:09:10.000000|");
    backups.create(live.installation(), BackupRequest.named("second"));
    MemoryDetails details = backups.memory(new BackupName("second"), ids.get(0).toString());
    assertThat(details.changes()).hasSize(3);
    assertThat(details.changes().get(2).by()).isEqualTo(details.memory().user());
  }

  @Test
  void aMemoryThatIsThereAndDiffersStaysUnlessOverwritten() throws Exception {
    live.edit(ids.get(0), "changed by an assistant");
    live.put(List.of(LiveMemories.point(ids.get(0), "changed by an assistant")));
    List<String> changed = live.memories();

    MemoryRestoreReport kept = restore(request(ids.get(0)));

    assertThat(kept.applied()).isFalse();
    assertThat(kept.count(Action.KEEP)).isEqualTo(1);
    assertThat(kept.vectorsFrom()).isEmpty();
    assertThat(shown.get(0).before().orElseThrow().text()).isEqualTo("changed by an assistant");
    assertThat(live.memories()).isEqualTo(changed);
    assertThat(log()).doesNotExist();

    MemoryRestoreReport report = restore(request(ids.get(0)).overwriting());

    assertThat(report.actions()).containsExactly(Map.entry(Action.OVERWRITE, 1L));
    assertThat(shown).extracting(MemoryChange::vector).containsOnly(VectorChange.REPLACE);
    assertAllIsAsBefore();
  }

  @Test
  void aMissingVectorIsPutBackAndTheRowStays() throws Exception {
    live.qdrant().remove(LiveMemories.COLLECTION, ids.get(3).toString());
    Map<String, List<String>> rows = Rows.of(live.database().file());

    MemoryRestoreReport report = restore(request());

    assertThat(report.actions())
        .containsOnly(Map.entry(Action.VECTOR, 1L), Map.entry(Action.NOTHING, 57L));
    assertThat(Rows.of(live.database().file())).isEqualTo(rows);
    assertAllIsAsBefore();
  }

  @Test
  void whatIsAsInTheBackupNeedsNoCopyOfItsVectors() throws Exception {
    MemoryRestoreReport report = restore(request());

    assertThat(report.actions()).containsOnly(Map.entry(Action.NOTHING, 58L));
    assertThat(report.undoFile()).isEmpty();
    assertThat(log()).doesNotExist();
    assertThat(live.qdrant().count("PUT .*|POST .*/delete.*|DELETE .*")).isEqualTo(2);
  }

  @Test
  void missingUsersAppsAndCategoriesComeBackToo() throws Exception {
    String bob = "(SELECT id FROM users WHERE user_id = 'bob')";
    List<UUID> gone = new ArrayList<>();
    backups.memories(
        FIRST,
        MemoryQuery.ALL.withUser("bob").withState("active"),
        memory -> gone.add(UUID.fromString(memory.id())));
    assertThat(gone).isNotEmpty();
    Map<String, List<String>> before = Rows.of(live.database().file());
    live.database()
        .run(
            "DELETE FROM memory_categories WHERE memory_id IN (SELECT id FROM memories WHERE"
                + " user_id = "
                + bob
                + ")",
            "DELETE FROM memory_status_history WHERE changed_by = " + bob,
            "DELETE FROM memories WHERE user_id = " + bob,
            "DELETE FROM apps WHERE owner_id = " + bob,
            "DELETE FROM users WHERE user_id = 'bob'",
            "DELETE FROM categories WHERE id NOT IN (SELECT category_id FROM memory_categories)");
    gone.forEach(id -> live.qdrant().remove(LiveMemories.COLLECTION, id.toString()));

    MemoryRestoreReport report = restore(request().withQuery(MemoryQuery.ALL.withUser("bob")));

    assertThat(report.actions()).containsExactly(Map.entry(Action.ADD, (long) gone.size()));
    assertThat(shown)
        .allSatisfy(change -> assertThat(change.after().orElseThrow().user()).contains("bob"))
        .allSatisfy(change -> assertThat(change.after().orElseThrow().app()).isPresent());
    assertAllIsAsBefore();
    Map<String, List<String>> after = Rows.of(live.database().file());
    for (String table : List.of("users", "categories")) {
      assertThat(after.get(table)).isEqualTo(before.get(table));
    }
    assertThat(before.get("apps")).containsAll(after.get("apps"));
    assertThat(after.get("memory_status_history")).containsAll(before.get("memory_status_history"));
  }

  @Test
  void aUserWithAnotherIdThereIsTheSameUser() throws Exception {
    live.database()
        .run(
            "UPDATE memories SET user_id = 'ffffffffffffffffffffffffffffff01' WHERE user_id ="
                + " (SELECT id FROM users WHERE user_id = 'alice')",
            "UPDATE apps SET owner_id = 'ffffffffffffffffffffffffffffff01' WHERE owner_id ="
                + " (SELECT id FROM users WHERE user_id = 'alice')",
            "UPDATE users SET id = 'ffffffffffffffffffffffffffffff01' WHERE user_id = 'alice'");
    List<String> moved = live.memories();
    live.delete(ids.get(0));

    restore(request());

    assertThat(live.memories()).isEqualTo(moved);
    assertThat(live.points()).isEqualTo(points);
    assertThat(Rows.of(live.database().file()).get("users")).hasSize(2);
  }

  @Test
  void asNewOnesTheyGetNewIdsAndNothingThatIsThereChanges() throws Exception {
    live.edit(ids.get(0), "changed by an assistant");
    List<String> changed = live.memories();

    MemoryRestoreReport report = restore(request(ids.get(0)).asNewOnes());

    assertThat(report.actions()).containsExactly(Map.entry(Action.ADD, 1L));
    String id = shown.get(0).id();
    assertThat(points).doesNotContainKey(id);
    assertThat(live.memories()).containsAll(changed).hasSizeGreaterThan(changed.size());
    Map<String, String> now = new HashMap<>(live.points());
    String added = Objects.requireNonNull(now.remove(id));
    assertThat(now).isEqualTo(points);
    assertThat(added.replace(id, ids.get(0).toString()))
        .isEqualTo(points.get(ids.get(0).toString()));
  }

  @Test
  void onlyWhatWasDeletedSinceAnotherBackupComesBack() throws Exception {
    live.delete(ids.get(0));
    backups.create(live.installation(), BackupRequest.named("second"));
    live.delete(ids.get(1));
    live.database().run("DELETE FROM memories WHERE id = '" + digits(ids.get(2)) + "'");
    live.qdrant().remove(LiveMemories.COLLECTION, ids.get(2).toString());
    live.edit(ids.get(3), "changed");

    MemoryRestoreReport report =
        restore(request().overwriting().deletedSince(new BackupName("second")));

    assertThat(report.actions())
        .containsOnly(Map.entry(Action.BRING_BACK, 1L), Map.entry(Action.ADD, 1L));
    assertThat(shown)
        .extracting(MemoryChange::id)
        .containsExactlyInAnyOrder(ids.get(1).toString(), ids.get(2).toString());
  }

  @Test
  void aMemoryWithoutAVectorInTheBackupIsLeftOut() throws Exception {
    live.qdrant().remove(LiveMemories.COLLECTION, ids.get(0).toString());
    live.backUp(backups, "without");
    live.delete(ids.get(0));
    List<String> deleted = live.memories();

    MemoryRestoreReport report =
        backups.restoreMemories(
            new BackupName("without"),
            live.installation(),
            request(ids.get(0)),
            MemoryRestoreDialog.AGREE);

    assertThat(report.applied()).isFalse();
    assertThat(report.actions()).containsExactly(Map.entry(Action.WITHOUT_VECTOR, 1L));
    assertThat(live.memories()).isEqualTo(deleted);
  }

  @Test
  void aDryRunAndARefusalChangeNothing() throws Exception {
    live.delete(ids.get(0));
    List<String> deleted = live.memories();
    Map<String, String> left = live.points();

    MemoryRestoreReport plan = restore(request(ids.get(0)).asDryRun());
    MemoryRestoreReport refused =
        backups.restoreMemories(
            FIRST,
            live.installation(),
            request(ids.get(0)),
            new MemoryRestoreDialog() {
              @Override
              public boolean confirmed(MemoryRestoreReport asked) {
                assertThat(asked.changed()).isEqualTo(1);
                return false;
              }
            });

    assertThat(plan.applied()).isFalse();
    assertThat(plan.changed()).isEqualTo(1);
    assertThat(shown).hasSize(1);
    assertThat(refused.applied()).isFalse();
    assertThat(live.memories()).isEqualTo(deleted);
    assertThat(live.points()).isEqualTo(left);
    assertThat(live.home().resolve(".openmemory-backup/memories")).doesNotExist();
  }

  @Test
  void aRestoreIsUndoneByItsFileAndThatOneToo() throws Exception {
    live.delete(ids.get(0));
    for (String table : List.of("memories WHERE id", "memory_categories WHERE memory_id")) {
      live.database().run("DELETE FROM " + table + " = '" + digits(ids.get(1)) + "'");
    }
    live.qdrant().remove(LiveMemories.COLLECTION, ids.get(1).toString());
    live.edit(ids.get(2), "changed");
    live.put(List.of(LiveMemories.point(ids.get(2), "changed")));
    Map<String, List<String>> rows = Rows.of(live.database().file());
    Map<String, String> left = live.points();
    Path undo = restore(request().overwriting()).undoFile().orElseThrow();
    assertAllIsAsBefore();

    MemoryRestoreReport plan = undo(undo, true);
    assertThat(plan.count(Action.UNDO)).isEqualTo(3);
    assertAllIsAsBefore();
    MemoryRestoreReport undone = undo(undo, false);

    Map<String, List<String>> now = Rows.of(live.database().file());
    rows.put("memory_status_history", withoutEntriesOf(ids.get(1), rows));
    assertThat(now).isEqualTo(rows);
    assertThat(live.points()).isEqualTo(left);
    assertThat(undo(undo, false).actions()).containsOnly(Map.entry(Action.NOTHING, 3L));
    undo(undone.undoFile().orElseThrow(), false);
    assertAllIsAsBefore();
  }

  /** Those were left of a memory that was not there, and belong to it since it was. */
  private static List<String> withoutEntriesOf(UUID id, Map<String, List<String>> rows) {
    return Objects.requireNonNull(rows.get("memory_status_history")).stream()
        .filter(row -> !row.contains("|" + digits(id) + "|"))
        .toList();
  }

  @Test
  void anUndoLeavesWhatWasChangedSince() throws Exception {
    live.delete(ids.get(0));
    live.delete(ids.get(1));
    Path undo = restore(request()).undoFile().orElseThrow();
    live.edit(ids.get(0), "changed since");

    MemoryRestoreReport undone = undo(undo, false);

    assertThat(undone.actions())
        .containsOnly(Map.entry(Action.UNDO, 1L), Map.entry(Action.KEEP, 1L));
    assertThat(live.points())
        .containsKey(ids.get(0).toString())
        .doesNotContainKey(ids.get(1).toString());
  }

  private MemoryRestoreReport undo(Path file, boolean dryRun) throws BackupException {
    return backups.undoMemories(file, live.installation(), dryRun, MemoryRestoreDialog.AGREE);
  }

  @Test
  void anotherFileIsNoUndoFile() throws Exception {
    for (String text : List.of("", "{}", "\u0000\u0001", "{\"format\": 1}\n{}")) {
      Path file = Files.writeString(temp.resolve("file"), text);
      assertThat(failureOf(() -> undo(file, false)).kind()).isEqualTo(Kind.INVALID);
    }
    assertThat(failureOf(() -> undo(temp.resolve("none"), false)).kind()).isEqualTo(Kind.NOT_FOUND);
  }

  @Test
  void whatTheBackupDoesNotHaveIsRefused() throws Exception {
    assertThat(failureOf(() -> restore(request().withIds(List.of("ffff0000")))).kind())
        .isEqualTo(Kind.NOT_FOUND);
    live.delete(ids.get(0));
    backups.create(live.installation(), BackupRequest.named("second"));
    assertThat(
            failureOf(
                () ->
                    backups.restoreMemories(
                        new BackupName("second"),
                        live.installation(),
                        request(ids.get(0)),
                        MemoryRestoreDialog.AGREE)))
        .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.INVALID))
        .hasMessageContaining("is deleted in this backup too");
  }

  @Test
  void vectorsOfOtherSettingsAreRefused() throws Exception {
    live.delete(ids.get(0));
    live.qdrant().deleteCollection(LiveMemories.COLLECTION);
    live.qdrant()
        .createCollection(LiveMemories.COLLECTION, Map.of("size", 768, "distance", "Cosine"), 1);
    assertThat(failureOf(() -> restore(request(ids.get(0)))))
        .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.INCONSISTENT))
        .hasMessageContaining("vector is (4 dimensions, Cosine)")
        .hasMessageContaining("takes (768 dimensions, Cosine)");
  }

  @Test
  void anotherEmbedderIsRefusedByName() throws Exception {
    live.delete(ids.get(0));
    live.database()
        .run(
            "UPDATE configs SET value = json_set(value, '$.mem0.embedder.config.model',"
                + " 'nomic-embed-text') WHERE key = 'main'");
    assertThat(failureOf(() -> restore(request(ids.get(0)))))
        .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.INCONSISTENT))
        .hasMessageContaining("openai/text-embedding-3-small")
        .hasMessageContaining("openai/nomic-embed-text");
    assertThat(log()).doesNotExist();
  }

  @Test
  void withoutAnythingThatOpensTheVectorsAllReasonsAreNamed() throws Exception {
    live.delete(ids.get(0));
    assertThat(failureOf(() -> restore(request(ids.get(0)).withVectorsBy(DrillRequest.STANDARD))))
        .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.UNSUPPORTED))
        .hasMessageContaining("no Qdrant to start was named");
    DrillRequest none =
        DrillRequest.STANDARD
            .withBinary(temp.resolve("no-qdrant"), false)
            .withEngine(temp.resolve("no-python"), false);
    assertThat(failureOf(() -> restore(request(ids.get(0)).withVectorsBy(none))))
        .hasMessageContaining("no-qdrant")
        .hasMessageContaining("no-python");
  }

  @Test
  void aPointIsTheSameAsFarAsQdrantKeepsIt() throws IOException {
    UUID id = ids.get(0);
    WholePoint point = LiveMemories.point(id, "text");
    WholePoint rounded =
        new WholePoint(
            id,
            point.payload(),
            Optional.of(
                Map.of(
                    "",
                    List.of(
                        (id.hashCode() & 0xffff) / 65536.0,
                        0.10000000149011612,
                        0.2,
                        "text".hashCode() / 4e9),
                    "bm25",
                    Map.of("indices", List.of(7, 900_000), "values", List.of(0.25, 1.75)))));
    assertThat(point.isSameAs(rounded)).isTrue();
    assertThat(point.isSameAs(LiveMemories.point(id, "Text"))).isFalse();
    assertThat(point.isSameAs(new WholePoint(id, point.payload(), Optional.empty()))).isFalse();
  }
}
