package dev.openmemory.backup;

import static dev.openmemory.backup.sample.Failures.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.BackupEvent.Phase;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.internal.json.Json;
import dev.openmemory.backup.internal.lock.HomeLock;
import dev.openmemory.backup.internal.process.Host;
import dev.openmemory.backup.internal.process.Owner;
import dev.openmemory.backup.prune.PruneRequest;
import dev.openmemory.backup.prune.RetentionPolicy;
import dev.openmemory.backup.sample.AtPhase;
import dev.openmemory.backup.sample.FileWriters;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.spi.ForwardingBackupTarget;
import dev.openmemory.backup.testkit.InMemoryBackupTarget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** While one run holds the writers, no other does, whatever its target is. */
class HeldByAnotherRunTest extends WitnessedBackupFixture {
  private static final BackupName FIRST = new BackupName("first");

  private final List<String> tried = new ArrayList<>();
  private Map<String, String> old;

  @BeforeEach
  void backUpAndChange() throws IOException {
    backups.create(sample.installation(), BackupRequest.STANDARD.withName(FIRST));
    sample.fill(2);
    old = sample.contents();
  }

  @Test
  void duringABackupEveryOtherRunFindsItLocked() throws Exception {
    backups
        .withListener(at(Phase.CAPTURE, "live", FileWriters.PAUSED))
        .create(sample.installation(), BackupRequest.named("second"));

    assertThat(tried).containsExactly("backup", "restore", "recover");
    assertIsAsBefore();
  }

  /** Such as by a network that fails at the end, of a process that goes on. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aRunThatCouldNotRemoveItsLockKeepsNoLaterOneAway(boolean prunes) throws Exception {
    BackupTarget keeping =
        new ForwardingBackupTarget(target) {
          @Override
          public void delete(ObjectName name) throws IOException {
            if (name.value().startsWith("run-lock_")) {
              throw new BackupException(Kind.DENIED, "delete", name.value(), "refused");
            }
            super.delete(name);
          }
        };
    Backups kept = Backups.in(keeping).withScratch(temp.resolve("scratch"));
    if (prunes) {
      backups.create(sample.installation(), BackupRequest.named("second"));
      kept.prune(PruneRequest.by(RetentionPolicy.in(ZoneOffset.UTC).keepLast(1)));
    } else {
      kept.create(sample.installation(), BackupRequest.named("second"));
    }
    assertThat(target.list("run-lock_")).hasSize(1);

    backups
        .withLockTimeout(Duration.ZERO)
        .create(sample.installation(), BackupRequest.named("third"));

    assertThat(target.list("run-lock_")).isEmpty();
  }

  @Test
  void duringARestoreEveryOtherRunFindsItLocked() throws Exception {
    backups
        .withListener(at(Phase.APPLY, "detached", FileWriters.STOPPED))
        .restore(FIRST, sample.installation(), RestoreRequest.STANDARD);

    assertThat(tried).containsExactly("backup", "restore", "recover");
    assertThat(sample.contents()).isNotEqualTo(old);
  }

  @Test
  void whatTheRunLeavesForWhichABackupHasWaitedIsPutInOrderBeforeAnythingIsRead()
      throws IOException {
    Path home = sample.installation().home();
    Path record = home.resolve(".openmemory-backup/restore.json");
    HomeLock other = HomeLock.take(home, "restore", Clock.systemUTC());
    List<BackupEvent> events = new ArrayList<>();
    BackupListener listener =
        event -> {
          events.add(event);
          if (event instanceof BackupEvent.WaitingFor) {
            end(other, record);
          }
        };

    backups.withListener(listener).create(sample.installation(), BackupRequest.named("second"));

    assertThat(events).anyMatch(e -> e.toString().contains("rolled back the restore of-the-other"));
    assertThat(record).doesNotExist();
  }

  /** As on a home that two hosts share without common locks, when this one has slept. */
  @Test
  void aRestoreThatHasLostTheHomeLeavesTheRecordAndTheWritersToTheRunThatTookItOver()
      throws IOException {
    Path work = sample.installation().home().resolve(".openmemory-backup");
    Owner elsewhere = new Owner(new Host("elsewhere", "", "boot"), 1, "", "", Instant.EPOCH, true);
    byte[] record = record(elsewhere);
    AtPhase takenOver =
        new AtPhase(
            Phase.HOLD,
            "writers",
            () -> {
              Files.write(work.resolve("home.lock"), new byte[0]);
              Files.write(work.resolve("restore.json"), record);
            });

    assertThat(
            failureOf(
                    () ->
                        backups
                            .withListener(takenOver)
                            .restore(FIRST, sample.installation(), RestoreRequest.STANDARD))
                .kind())
        .isEqualTo(Kind.LOCKED);

    assertThat(work.resolve("restore.json")).hasBinaryContent(record);
    assertThat(sample.isHeld(FileWriters.STOPPED)).isTrue();
    assertThat(sample.contents()).isEqualTo(old);
  }

  /** As when it is killed in the midst of a restore. */
  private static void end(HomeLock other, Path record) {
    try {
      Files.write(record, record(Owner.ofThisProcess(Clock.systemUTC()).withLock()));
      other.close();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static byte[] record(Owner owner) {
    return Json.write(
        Map.of(
            "restoreId",
            "of-the-other",
            "phase",
            "preparing",
            "discardPrevious",
            false,
            "owner",
            owner.toJson(),
            "parts",
            List.of()));
  }

  private AtPhase at(Phase phase, String subject, String held) {
    return new AtPhase(
        phase,
        subject,
        () -> {
          Map<String, String> records = records();
          Backups elsewhere = Backups.in(new InMemoryBackupTarget()).withLockTimeout(Duration.ZERO);
          assertThat(sample.isHeld(held)).isTrue();
          assertLocked(
              "backup",
              () -> elsewhere.create(sample.installation(), BackupRequest.named("other")));
          assertLocked(
              "restore",
              () -> backups.restore(FIRST, sample.installation(), RestoreRequest.STANDARD));
          assertLocked("recover", () -> backups.recover(sample.installation()));
          assertThat(records()).isEqualTo(records);
          assertThat(sample.isHeld(held)).isTrue();
        });
  }

  private Map<String, String> records() throws IOException {
    Map<String, String> records = new TreeMap<>();
    for (String name : List.of("held.json", "restore.json")) {
      Path record = sample.heldRecord().resolveSibling(name);
      records.put(name, Files.exists(record) ? Files.readString(record) : "none");
    }
    return records;
  }

  private void assertLocked(String what, ThrowingCallable run) {
    assertThat(failureOf(run).kind()).isEqualTo(Kind.LOCKED);
    tried.add(what);
  }

  private void assertIsAsBefore() throws IOException {
    assertThat(sample.contents()).isEqualTo(old);
    assertThat(sample.runsAsBefore()).isTrue();
    assertThat(sample.heldRecord()).doesNotExist();
  }
}
