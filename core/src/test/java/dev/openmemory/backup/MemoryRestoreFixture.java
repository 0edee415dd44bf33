package dev.openmemory.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.drill.DrillRequest;
import dev.openmemory.backup.memories.MemoryChange;
import dev.openmemory.backup.memories.MemoryRestoreDialog;
import dev.openmemory.backup.memories.MemoryRestoreReport;
import dev.openmemory.backup.memories.MemoryRestoreRequest;
import dev.openmemory.backup.sample.DoubleServerProvider;
import dev.openmemory.backup.sample.LiveMemories;
import dev.openmemory.backup.testkit.InMemoryBackupTarget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A backup of an installation that runs, and what people do to single memories since. */
abstract class MemoryRestoreFixture {
  static final BackupName FIRST = new BackupName("first");
  static final Clock CLOCK = Clock.fixed(Instant.parse("2026-12-01T08:09:10Z"), ZoneOffset.UTC);

  @TempDir Path temp;
  final InMemoryBackupTarget target = new InMemoryBackupTarget();
  final List<MemoryChange> shown = new ArrayList<>();
  LiveMemories live;
  Backups backups;
  List<UUID> ids;
  List<String> memories;
  Map<String, String> points;

  @BeforeEach
  void backUp() throws Exception {
    live = LiveMemories.in(home());
    backups =
        Backups.in(target)
            .withScratch(Files.createDirectory(temp.resolve("scratch")))
            .withClock(CLOCK);
    live.backUp(backups, "first");
    ids = live.qdrant().ids(LiveMemories.COLLECTION).stream().map(UUID::fromString).toList();
    memories = live.memories();
    points = live.points();
    assertThat(ids).hasSize(58);
  }

  @AfterEach
  void nothingIsLeft() throws IOException {
    live.close();
    assertThat(temp.resolve("scratch")).isEmptyDirectory();
    assertThat(temp.resolve("openmemory/.openmemory-backup/memories.json")).doesNotExist();
    if (Files.exists(log())) {
      assertThat(log()).content().endsWith("closed\n");
    }
  }

  Path home() throws IOException {
    return temp.resolve("openmemory");
  }

  Path log() {
    return temp.resolve("log");
  }

  /** Of the copy of a backup a Qdrant is started that plays it. */
  MemoryRestoreRequest request() {
    return MemoryRestoreRequest.ALL.withVectorsBy(
        DrillRequest.STANDARD.withServer(DoubleServerProvider.server(log(), Map.of())));
  }

  MemoryRestoreRequest request(UUID... wanted) {
    return request().withIds(List.of(wanted).stream().map(UUID::toString).toList());
  }

  MemoryRestoreReport restore(MemoryRestoreRequest request) throws BackupException {
    return restore(request, () -> {});
  }

  /** Does something after the question. */
  MemoryRestoreReport restore(MemoryRestoreRequest request, Runnable meanwhile)
      throws BackupException {
    return backups.restoreMemories(FIRST, live.installation(), request, dialog(meanwhile));
  }

  MemoryRestoreDialog dialog(Runnable meanwhile) {
    shown.clear();
    return new MemoryRestoreDialog() {
      @Override
      public void planned(MemoryChange change) {
        shown.add(change);
      }

      @Override
      public boolean confirmed(MemoryRestoreReport plan) {
        assertThat(plan.applied()).isFalse();
        meanwhile.run();
        return true;
      }
    };
  }

  void assertAllIsAsBefore() throws Exception {
    assertThat(live.memories()).isEqualTo(memories);
    assertThat(live.points()).isEqualTo(points);
  }
}
