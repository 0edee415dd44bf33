package dev.openmemory.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.internal.process.Host;
import dev.openmemory.backup.internal.process.Owner;
import dev.openmemory.backup.internal.qdrant.TemporaryName;
import dev.openmemory.backup.memories.MemoryRepairRequest;
import dev.openmemory.backup.memories.MemoryRestoreDialog;
import dev.openmemory.backup.memories.MemoryRestoreReport;
import dev.openmemory.backup.memories.MemoryRestoreRequest;
import dev.openmemory.backup.sample.LiveMemories;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Snapshots are read in a collection that the running Qdrant has for that only. */
class TemporaryCollectionTest extends MemoryRestoreFixture {
  private static final BackupName SNAPSHOTS = new BackupName("snapshots");

  /** No system has that many processes. */
  private static final long NO_PROCESS = 1L << 40;

  private final String abandoned = name(new Owner(Host.here(), NO_PROCESS, "", CLOCK.instant()));
  private final String used = name(Owner.ofThisProcess(CLOCK));
  private final String usedElsewhere =
      name(new Owner(new Host("elsewhere", "m", ""), 7, "", CLOCK.instant()));

  private static String name(Owner owner) {
    return new TemporaryName(owner, "12345678").toString();
  }

  @BeforeEach
  void backUpSnapshots() throws Exception {
    backups.create(live.installation(), BackupRequest.named(SNAPSHOTS.value()));
    live.delete(ids.get(0));
  }

  private MemoryRestoreReport restoreSnapshots(MemoryRestoreDialog dialog) throws BackupException {
    return backups.restoreMemories(
        SNAPSHOTS,
        live.installation(),
        MemoryRestoreRequest.ALL.withIds(List.of(ids.get(0).toString())),
        dialog);
  }

  @Test
  void aSnapshotIsReadInATemporaryCollectionOfTheRunningQdrant() throws Exception {
    MemoryRestoreReport report = restoreSnapshots(MemoryRestoreDialog.AGREE);

    assertThat(report.vectorsFrom()).contains("a temporary collection of the running Qdrant");
    assertThat(live.qdrant().collections()).containsExactly(LiveMemories.COLLECTION);
    assertAllIsAsBefore();
  }

  @Test
  void itsNameSaysThatThisProcessUsesIt() throws Exception {
    List<String> made = new ArrayList<>();
    live.qdrant()
        .before(
            "POST /collections/temporary-.*/points",
            () -> made.addAll(live.qdrant().collections()));

    restoreSnapshots(MemoryRestoreDialog.AGREE);

    made.remove(LiveMemories.COLLECTION);
    assertThat(made)
        .singleElement()
        .satisfies(
            name ->
                assertThat(TemporaryName.parse(name).orElseThrow().owner().isThisProcess())
                    .isTrue());
  }

  @Test
  void oneOfARunningProcessStaysAndOneOfAnEndedProcessIsRemoved() throws Exception {
    createAll();
    restoreSnapshots(MemoryRestoreDialog.AGREE);
    assertThat(live.qdrant().collections())
        .containsExactlyInAnyOrder(LiveMemories.COLLECTION, used, usedElsewhere);
    assertAllIsAsBefore();
  }

  @Test
  void aRunThatNeedsNoneRemovesThemToo() throws Exception {
    createAll();
    backups.repairMemories(
        live.installation(), MemoryRepairRequest.STANDARD, MemoryRestoreDialog.AGREE);
    assertThat(live.qdrant().collections())
        .containsExactlyInAnyOrder(LiveMemories.COLLECTION, used, usedElsewhere);
  }

  @Test
  void oneOfAnotherHostStaysForDays() throws Exception {
    TemporaryName name = TemporaryName.parse(usedElsewhere).orElseThrow();
    assertThat(name.isAbandoned(CLOCK)).isFalse();
    assertThat(name.isAbandoned(Clock.offset(CLOCK, Duration.ofDays(8)))).isTrue();
  }

  @Test
  void aBackupOfSnapshotsHasNone() throws Exception {
    createAll();
    BackupReport report = backups.create(live.installation(), BackupRequest.named("meanwhile"));
    assertThat(report.manifest().component("vectors").orElseThrow().facts().texts("collections"))
        .containsExactly(LiveMemories.COLLECTION);
  }

  @Test
  void otherNamesAreNotOurs() {
    for (String name :
        List.of(
            LiveMemories.COLLECTION,
            "temporary-of-openmemory-backup-",
            "temporary-of-openmemory-backup-mine",
            "temporary-of-openmemory-backup-mine-12345678")) {
      assertThat(TemporaryName.parse(name)).isEmpty();
    }
    assertThat(TemporaryName.parse(used)).map(TemporaryName::id).contains("12345678");
    assertThat(used).hasSizeLessThan(128);
  }

  private void createAll() throws Exception {
    for (String name : List.of(abandoned, used, usedElsewhere)) {
      live.qdrant().createCollection(name);
    }
  }
}
