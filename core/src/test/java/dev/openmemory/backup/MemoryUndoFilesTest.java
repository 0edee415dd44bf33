package dev.openmemory.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.memories.MemoryRestoreDialog;
import dev.openmemory.backup.undo.CleanupReport;
import dev.openmemory.backup.undo.CleanupRequest;
import dev.openmemory.backup.undo.SetAside;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What changes of memories keep for an undo is listed, measured and cleaned up. */
class MemoryUndoFilesTest extends MemoryRestoreFixture {
  /** More than nine, which a sort of their names would put into another order. */
  private static final int CHANGES = 11;

  private final List<Path> files = new ArrayList<>();

  @BeforeEach
  void changeOften() throws Exception {
    for (int i = 0; i < CHANGES; i++) {
      live.delete(ids.get(i));
      files.add(restore(request(ids.get(i))).undoFile().orElseThrow());
    }
  }

  private CleanupReport cleanUp(CleanupRequest request) throws BackupException {
    return backups.cleanUp(live.installation(), request);
  }

  @Test
  void theyAreListedOldestFirstWithTheirSize() throws Exception {
    List<SetAside> all = backups.setAside(live.installation());
    assertThat(all).extracting(SetAside::folder).containsExactlyElementsOf(files);
    assertThat(all)
        .allSatisfy(
            each -> {
              assertThat(each.isOfMemories()).isTrue();
              assertThat(each.bytes()).isEqualTo(Files.size(each.folder())).isPositive();
              assertThat(each.time()).isEqualTo(CLOCK.instant());
            });
    assertThat(all).filteredOn(SetAside::last).singleElement().isEqualTo(all.get(CHANGES - 1));
  }

  @Test
  void aCleanupRemovesThemAndMayKeepTheNewest() throws Exception {
    Path newest = files.get(CHANGES - 1);
    assertThat(cleanUp(CleanupRequest.ALL.asDryRun()).removed()).hasSize(CHANGES);
    assertThat(files).allMatch(Files::exists);
    CleanupReport some = cleanUp(CleanupRequest.ALL.keepingLast());
    assertThat(some.removed()).hasSize(CHANGES - 1);
    assertThat(some.left()).extracting(SetAside::folder).containsExactly(newest);
    assertThat(files).filteredOn(Files::exists).containsExactly(newest);
    backups.undoMemories(newest, live.installation(), false, MemoryRestoreDialog.AGREE);

    assertThat(cleanUp(CleanupRequest.ALL).removed()).hasSize(2);
    assertThat(live.home().resolve(".openmemory-backup/memories")).doesNotExist();
  }

  @Test
  void otherFilesStay() throws Exception {
    Path folder = live.home().resolve(".openmemory-backup/memories");
    List<Path> others = new ArrayList<>();
    for (String name :
        List.of("undo-20261301-000000.jsonl", "undo-20261201-080910.json", "mine.jsonl")) {
      others.add(Files.writeString(folder.resolve(name), "mine"));
    }
    cleanUp(CleanupRequest.ALL);
    assertThat(folder).isDirectoryNotContaining(files::contains);
    assertThat(others).allMatch(Files::exists);
  }

  @Test
  void theOneOfChangesThatAreHalfMadeStays() throws Exception {
    Path needed = files.get(3);
    Path journal = live.home().resolve(".openmemory-backup/memories.json");
    Files.writeString(journal, "{\"changes\": \"" + needed.getFileName() + "\"}");
    assertThat(cleanUp(CleanupRequest.ALL).removed()).hasSize(CHANGES - 1);
    assertThat(needed).exists();
    Files.delete(journal);
  }
}
