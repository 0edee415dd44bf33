package dev.openmemory.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.sample.FileTree;
import dev.openmemory.backup.sample.SampleInstallation;
import dev.openmemory.backup.verify.VerifyReport;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Folders that the guide's scripts left: no manifest, no digests, and still backups. */
class ScriptBackupTest extends SampleBackupFixture {
  private static final BackupName NAME = new BackupName("openmemory-backup-20231215-143022");
  private static final String ARCHIVE = NAME + "/qdrant-storage.tar.gz";

  @BeforeEach
  void makeOneAsTheScriptsDo() throws Exception {
    stored.write(NAME + "/openmemory.db", sample.database());
    stored.write(NAME + "/config.json", sample.config());
    stored.write(ARCHIVE, SampleInstallation.slimArchive());
    stored.write(NAME + "/backup-info.txt", "OpenMemory Backup\n");
  }

  @Test
  void isListedAsUnverified() throws Exception {
    assertThat(backups.list())
        .singleElement()
        .satisfies(
            b -> {
              assertThat(b.name()).isEqualTo(NAME);
              assertThat(b.state()).isEqualTo(BackupSummary.State.UNVERIFIED);
              assertThat(b.manifest()).isEmpty();
            });
    assertThat(backups.latest()).isPresent();
  }

  @Test
  void isVerifiedByItsStructure() throws Exception {
    VerifyReport report = backups.verify(NAME);
    assertThat(report.problems()).isEmpty();
    assertThat(report.digestsCompared()).isFalse();
    assertThat(report.files()).hasSize(3);
  }

  @Test
  void damageToItsStructureIsFound() throws Exception {
    byte[] archive = stored.bytes(ARCHIVE);
    stored.write(ARCHIVE, Arrays.copyOf(archive, archive.length / 2));
    assertThat(backups.verify(NAME).problems())
        .extracting(VerifyReport.Problem::subject)
        .containsExactly("vectors");
  }

  @Test
  void isRestored() throws Exception {
    Path copy = temp.resolve("copy");
    backups.restore(NAME, Installation.inFolder(copy), RestoreRequest.STANDARD);
    assertThat(FileTree.of(copy.resolve("qdrant-storage")))
        .isEqualTo(FileTree.of(sample.storage()));
    assertThat(copy.resolve("api/openmemory.db")).hasSameBinaryContentAs(sample.database());
  }

  @Test
  void isDeletedWhole() throws Exception {
    backups.delete(NAME);
    assertThat(backups.list()).isEmpty();
    assertThat(stored.objects()).isEmpty();
  }

  @Test
  void foldersThatAreNoBackupsAreLeftAlone() throws Exception {
    stored.write("photos/holiday.txt", "not ours");
    assertThat(backups.list()).hasSize(1);
    backups.create(sample.installation(), BackupRequest.STANDARD);
    assertThat(stored.text("photos/holiday.txt")).isEqualTo("not ours");
  }
}
