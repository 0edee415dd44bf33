package dev.openmemory.backup;

import static dev.openmemory.backup.sample.Failures.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.archive.ArchiveFormat;
import dev.openmemory.backup.archive.ImportRequest;
import dev.openmemory.backup.sample.StoredObjects;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.sync.SyncReport.Outcome;
import dev.openmemory.backup.sync.SyncRequest;
import dev.openmemory.backup.testkit.FaultPlan;
import dev.openmemory.backup.testkit.FaultPlan.Verb;
import dev.openmemory.backup.testkit.FaultyBackupTarget;
import dev.openmemory.backup.testkit.InMemoryBackupTarget;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A store that says that it has stored a file, and has none. */
class LyingStoreTest extends SampleBackupFixture {
  private static final BackupName NAME = new BackupName("b01");

  private final InMemoryBackupTarget lying = new InMemoryBackupTarget();

  private BackupTarget losing(BackupTarget store, String file) {
    return new FaultyBackupTarget(store, FaultPlan.on(Verb.WRITE).named(file).lose());
  }

  @ParameterizedTest
  @ValueSource(strings = {"openmemory.db", "manifest.json"})
  void aBackupWithAFileThatIsNotThereFailsAndLeavesNothing(String file) throws Exception {
    Backups losing = Backups.in(losing(lying, file));

    BackupException failure =
        failureOf(() -> losing.create(sample.installation(), BackupRequest.named(NAME.value())));

    assertThat(failure.kind()).isEqualTo(Kind.CORRUPT);
    assertThat(failure).hasMessageContaining("b01/" + file).hasMessageContaining("not there");
    assertThat(lying.list("b01/")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"openmemory.db", "manifest.json"})
  void anImportOfAFileThatIsNotThereFailsAndLeavesNothing(String file) throws Exception {
    byte[] archive = archive();

    BackupException failure =
        failureOf(
            () ->
                Backups.in(losing(lying, file))
                    .importArchive(new ByteArrayInputStream(archive), ImportRequest.STANDARD));

    assertThat(failure.kind()).isEqualTo(Kind.CORRUPT);
    assertThat(lying.list("b01/")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"openmemory.db", "manifest.json"})
  void aSyncOfAFileThatIsNotThereFailsAndLeavesNothing(String file) throws Exception {
    stored.create(sample, NAME.value());
    BackupTarget there = losing(StoredObjects.at(lying, "memory:there"), file);

    assertThat(backups.sync(there, SyncRequest.STANDARD.withoutVerification()).backups())
        .extracting(copied -> copied.outcome())
        .containsExactly(Outcome.FAILED);

    assertThat(lying.list("b01/")).isEmpty();
  }

  @Test
  void aPinThatIsNotThereFails() throws Exception {
    stored.create(sample, NAME.value());

    BackupException failure = failureOf(() -> Backups.in(losing(target, "pinned.json")).pin(NAME));

    assertThat(failure.kind()).isEqualTo(Kind.CORRUPT);
    assertThat(backups.find(NAME).pinned()).isEmpty();
  }

  private byte[] archive() throws IOException {
    stored.create(sample, NAME.value());
    ByteArrayOutputStream archive = new ByteArrayOutputStream();
    backups.exportArchive(NAME, ArchiveFormat.TAR, archive);
    return archive.toByteArray();
  }
}
