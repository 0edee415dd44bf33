package dev.openmemory.backup.age;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.BackupName;
import dev.openmemory.backup.BackupSummary;
import dev.openmemory.backup.Backups;
import dev.openmemory.backup.Installation;
import dev.openmemory.backup.Manifest;
import dev.openmemory.backup.RestoreRequest;
import dev.openmemory.backup.Warning;
import dev.openmemory.backup.prune.PruneReport;
import dev.openmemory.backup.prune.PruneRequest;
import dev.openmemory.backup.prune.RetentionPolicy;
import dev.openmemory.backup.testkit.FaultPlan;
import dev.openmemory.backup.testkit.FaultPlan.Verb;
import dev.openmemory.backup.testkit.FaultyBackupTarget;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

/** What holds for runs with plain backups holds for encrypted ones. */
class EncryptedRunsTest extends CanaryFixture {
  private static final int MANY_CHUNKS = 10 * 64 * 1024;

  private Path segment() {
    return home.resolve("storage/collections/openmemory/segment.dat");
  }

  @Test
  void readsThatBreakOffInTheMiddleOfAFileAreResumed() throws Exception {
    Files.write(segment(), AgeFiles.bytes(MANY_CHUNKS));
    create(SECOND);
    FaultPlan broken =
        FaultPlan.on(Verb.READ)
            .named("second/qdrant-storage.tar.gz.age")
            .afterBytes(MANY_CHUNKS / 2 + 7)
            .fail(Kind.UNAVAILABLE);
    FaultPlan cut = FaultPlan.on(Verb.READ).named("second/openmemory.db.age").afterBytes(500).cut();
    FaultyBackupTarget breaking = new FaultyBackupTarget(target, broken, cut);
    Path elsewhere = temp.resolve("elsewhere");

    Backups.in(breaking)
        .withDecryption(AgeFiles.by(key))
        .restore(SECOND, Installation.inFolder(elsewhere), RestoreRequest.STANDARD);

    breaking.verifyAllFired();
    assertThat(elsewhere.resolve("qdrant-storage/collections/openmemory/segment.dat"))
        .hasSameBinaryContentAs(segment());
  }

  @Test
  void aBackupThatShrankIsNoticedByItsSizesAndBlocksThePrune() throws Exception {
    Files.write(segment(), AgeFiles.bytes(MANY_CHUNKS));
    create(SECOND);
    Files.delete(segment());
    BackupName less = new BackupName("third");
    create(less);

    BackupSummary found = keyless().find(less);
    assertThat(found.suspicious()).isTrue();
    assertThat(found.manifest().map(Manifest::warnings).orElseThrow())
        .as("what shrank is in the details only")
        .containsExactly(new Warning(Warning.SHRUNK, "it is much smaller than the backup before"));
    assertThat(withKey().details(less).manifest().orElseThrow().warnings())
        .anySatisfy(
            warning ->
                assertThat(warning.message())
                    .contains("much less than in backup second: bytes of vectors from "));
    PruneReport pruned =
        keyless().prune(PruneRequest.by(RetentionPolicy.in(ZoneOffset.UTC).keepLast(1)));
    assertThat(pruned.removed()).isEmpty();
    assertThat(pruned.warnings()).extracting(Warning::code).containsExactly("prune-blocked");
  }
}
