package dev.openmemory.backup.age;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.BackupReport;
import dev.openmemory.backup.BackupRequest;
import dev.openmemory.backup.Backups;
import dev.openmemory.backup.Installation;
import dev.openmemory.backup.Quiesce;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.spi.ForwardingBackupTarget;
import dev.openmemory.backup.testkit.FaultPlan;
import dev.openmemory.backup.testkit.FaultPlan.Verb;
import dev.openmemory.backup.testkit.FaultyBackupTarget;
import dev.openmemory.backup.testkit.InMemoryBackupTarget;
import java.util.List;
import org.junit.jupiter.api.Test;

/** One encrypted backup in several targets has the same bytes in each, whatever fails once. */
class SeveralTargetsEncryptedTest extends CanaryFixture {
  private final InMemoryBackupTarget other = new InMemoryBackupTarget();

  private BackupReport create(BackupTarget first, BackupTarget second) throws Exception {
    BackupTarget elsewhere =
        new ForwardingBackupTarget(second) {
          @Override
          public String location() {
            return "memory:other";
          }
        };
    return Backups.in(first)
        .withEncryption(AgeFiles.to(key))
        .create(
            Installation.at(home).withStorage(home.resolve("storage")),
            BackupRequest.named("second").withQuiesce(Quiesce.NONE),
            List.of(elsewhere));
  }

  @Test
  void oneFailureOfAMomentCostsNoTargetTheBackup() throws Exception {
    FaultPlan inFirst = FaultPlan.on(Verb.WRITE).named("db.age").afterBytes(9).fail(Kind.TIMEOUT);
    FaultPlan inOther =
        FaultPlan.on(Verb.WRITE).named("gz.age").afterBytes(9).fail(Kind.UNAVAILABLE);
    FaultyBackupTarget first = new FaultyBackupTarget(target, inFirst);
    FaultyBackupTarget second = new FaultyBackupTarget(other, inOther);

    BackupReport report = create(first, second);

    first.verifyAllFired();
    second.verifyAllFired();
    assertThat(report.missed()).isEmpty();
    for (BackupTarget there : List.of(target, other)) {
      assertThat(Backups.in(there).withDecryption(AgeFiles.by(key)).verify(SECOND).ok()).isTrue();
    }
  }

  @Test
  void whatTheOtherTargetReadsWronglyIsNotStored() throws Exception {
    FaultPlan flipped = FaultPlan.on(Verb.READ).named("second/openmemory.db.age").flipBit();
    FaultPlan failed =
        FaultPlan.on(Verb.WRITE).named("second/openmemory.db.age").afterBytes(9).fail(Kind.TIMEOUT);

    BackupReport report =
        create(new FaultyBackupTarget(target, flipped), new FaultyBackupTarget(other, failed));

    assertThat(report.missed()).hasSize(1);
    assertThat(other.list("second/")).isEmpty();
    assertThat(Backups.in(target).withDecryption(AgeFiles.by(key)).verify(SECOND).ok()).isTrue();
  }
}
