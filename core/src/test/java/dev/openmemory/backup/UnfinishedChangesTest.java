package dev.openmemory.backup;

import static dev.openmemory.backup.sample.Failures.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.BackupEvent.LeftoverHandled;
import dev.openmemory.backup.BackupEvent.Phase;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.memories.MemoryRepairRequest;
import dev.openmemory.backup.memories.MemoryRestoreDialog;
import dev.openmemory.backup.memories.MemoryRestoreRequest;
import dev.openmemory.backup.sample.LiveMemories;
import dev.openmemory.backup.sample.SampleInstallation;
import dev.openmemory.backup.undo.UndoRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Changes of memories that a process has left half made, and the run that comes next. */
class UnfinishedChangesTest extends MemoryRestoreFixture {
  private static final String READ = "POST /collections/openmemory/points";
  private static final BackupName SNAPSHOTS = new BackupName("snapshots");
  private static final RestoreRequest DATABASE =
      RestoreRequest.STANDARD.withOnly(Set.of("database")).acceptingMismatch();

  private final List<String> handled = new ArrayList<>();
  private List<String> leftMemories = List.of();
  private Map<String, String> leftPoints = Map.of();

  @BeforeEach
  void leaveHalf() throws Exception {
    backups.create(live.installation(), BackupRequest.named(SNAPSHOTS.value()));
    backups.restore(FIRST, live.installation(), DATABASE);
    live.delete(ids.get(0));
    leftMemories = live.memories();
    leftPoints = live.points();
    // The points are put; then the server is gone.
    live.qdrant()
        .before(
            READ,
            () ->
                live.qdrant()
                    .before(
                        "PUT /collections/openmemory/points.*",
                        () -> live.qdrant().before(READ, this::stopAnswering)));
    assertThat(failureOf(() -> restore(request(ids.get(0)))).kind())
        .isEqualTo(Kind.NOT_ROLLED_BACK);
    live.qdrant().clearFaults();
    assertThat(live.points()).hasSize(leftPoints.size() + 1);
    assertThat(journal()).exists();
    backups =
        backups.withListener(
            event -> {
              if (event instanceof LeftoverHandled left) {
                handled.add(left.what());
              }
            });
  }

  private void stopAnswering() {
    live.qdrant().refuse(".*", 1000, 503, "overloaded");
  }

  private Path journal() {
    return live.home().resolve(".openmemory-backup/memories.json");
  }

  /** Knows of no Qdrant that runs. */
  private Installation files() {
    return new SampleInstallation(live.home()).installation();
  }

  private void assertTakenBack() throws Exception {
    assertThat(handled).contains("took back changes of memories that a process had begun");
    assertThat(journal()).doesNotExist();
    assertThat(live.home().resolve(".openmemory-backup/memories")).doesNotExist();
  }

  enum Next {
    BACKUP,
    DRY_RESTORE,
    REPAIR,
    RESTORE_OF_MEMORIES;

    void run(Backups backups, LiveMemories live) throws BackupException {
      switch (this) {
        case BACKUP -> backups.create(live.installation(), BackupRequest.named("next"));
        case DRY_RESTORE ->
            backups.restore(SNAPSHOTS, live.installation(), RestoreRequest.STANDARD.asDryRun());
        case REPAIR ->
            backups.repairMemories(
                live.installation(), MemoryRepairRequest.STANDARD, MemoryRestoreDialog.AGREE);
        default ->
            backups.restoreMemories(
                SNAPSHOTS,
                live.installation(),
                MemoryRestoreRequest.ALL.asDryRun(),
                MemoryRestoreDialog.AGREE);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void theNextRunTakesThemBack(Next next) throws Exception {
    next.run(backups, live);
    assertTakenBack();
    assertThat(live.memories()).isEqualTo(leftMemories);
    assertThat(live.points()).isEqualTo(leftPoints);
  }

  @Test
  void aRestoreAndItsUndoTakeThemBackBeforeTheyReplaceTheData() throws Exception {
    backups.undo(live.installation(), UndoRequest.STANDARD);
    assertTakenBack();
    assertThat(live.points()).isEqualTo(leftPoints);
  }

  @Test
  void aBackupWithoutTheRunningQdrantSaysThatTheyAreLeft() throws Exception {
    BackupReport report = backups.create(files(), BackupRequest.named("next"));
    assertThat(report.manifest().warnings())
        .filteredOn(warning -> warning.code().equals("memories-unfinished"))
        .singleElement()
        .satisfies(
            warning ->
                assertThat(warning.message())
                    .contains("no running Qdrant is known")
                    .contains("Start Qdrant"));
    assertThat(journal()).exists();
    Next.REPAIR.run(backups, live);
  }

  @Test
  void aRestoreOfTheWholeForgetsThem() throws Exception {
    RestoreReport report =
        backups.restore(FIRST, files(), RestoreRequest.STANDARD.acceptingMismatch());
    assertThat(report.warnings()).extracting(Warning::code).contains("memories-unfinished");
    assertThat(journal()).doesNotExist();
    assertThat(live.memories()).isEqualTo(memories);
    Map<String, String> now = live.points();
    Next.RESTORE_OF_MEMORIES.run(backups, live);
    assertThat(live.points()).isEqualTo(now);
  }

  @Test
  void aRestoreOfTheConfigurationAloneKeepsThem() throws Exception {
    backups.restore(
        FIRST, files(), RestoreRequest.STANDARD.withOnly(Set.of("config")).acceptingMismatch());
    assertThat(journal()).exists();
    Next.BACKUP.run(backups, live);
    assertTakenBack();
  }

  @Test
  void aRestoreThatIsHalfDoneIsEndedFirst() throws Exception {
    Next.BACKUP.run(backups, live);
    Path record = live.home().resolve(".openmemory-backup/restore.json");
    Path copy = temp.resolve("restore.json");
    Backups copying =
        backups.withListener(
            event -> {
              if (event instanceof BackupEvent.PhaseStarted started
                  && started.phase() == Phase.PREPARE) {
                copy(record, copy);
              }
            });
    copying.restore(FIRST, live.installation(), DATABASE);
    copy(copy, record);

    Next.RESTORE_OF_MEMORIES.run(backups, live);

    assertThat(record).doesNotExist();
    assertThat(handled).anyMatch(text -> text.startsWith("rolled back the restore "));
  }

  private static void copy(Path from, Path to) {
    try {
      if (Files.exists(from)) {
        Files.write(to, Files.readAllBytes(from));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
