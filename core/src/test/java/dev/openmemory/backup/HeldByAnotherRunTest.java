package dev.openmemory.backup;

import static dev.openmemory.backup.sample.Failures.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.BackupEvent.Phase;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.sample.AtPhase;
import dev.openmemory.backup.sample.FileWriters;
import dev.openmemory.backup.testkit.InMemoryBackupTarget;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

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

  @Test
  void duringARestoreEveryOtherRunFindsItLocked() throws Exception {
    backups
        .withListener(at(Phase.APPLY, "detached", FileWriters.STOPPED))
        .restore(FIRST, sample.installation(), RestoreRequest.STANDARD);

    assertThat(tried).containsExactly("backup", "restore", "recover");
    assertThat(sample.contents()).isNotEqualTo(old);
  }

  private AtPhase at(Phase phase, String subject, String held) {
    return new AtPhase(
        phase,
        subject,
        () -> {
          Backups elsewhere = Backups.in(new InMemoryBackupTarget());
          assertThat(sample.isHeld(held)).isTrue();
          assertLocked(
              "backup",
              () -> elsewhere.create(sample.installation(), BackupRequest.named("other")));
          assertLocked(
              "restore",
              () -> backups.restore(FIRST, sample.installation(), RestoreRequest.STANDARD));
          assertLocked("recover", () -> backups.recover(sample.installation()));
          assertThat(sample.isHeld(held)).isTrue();
        });
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
