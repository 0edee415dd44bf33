package dev.openmemory.backup.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.BackupName;
import dev.openmemory.backup.BackupSummary;
import dev.openmemory.backup.BackupTargets;
import dev.openmemory.backup.Backups;
import dev.openmemory.backup.Installation;
import dev.openmemory.backup.RestoreRequest;
import dev.openmemory.backup.VerifyReport;
import dev.openmemory.backup.spi.BackupTarget;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Folders that the guide's scripts left: no manifest, no digests, and still backups. */
class ScriptBackupTest {
  private static final BackupName NAME = new BackupName("openmemory-backup-20231215-143022");

  @TempDir Path temp;
  private SampleInstallation sample;
  private BackupTarget target;
  private Backups backups;
  private Path folder;

  @BeforeEach
  void makeOneAsTheScriptsDo() throws Exception {
    sample = SampleInstallation.unpackSlimTo(temp.resolve("openmemory"));
    folder = Files.createDirectories(temp.resolve("backups").resolve(NAME.value()));
    Files.copy(sample.database(), folder.resolve("openmemory.db"));
    Files.copy(sample.config(), folder.resolve("config.json"));
    try (InputStream archive =
        Objects.requireNonNull(
            getClass().getResourceAsStream("/installation/qdrant-storage.tar.gz"))) {
      Files.copy(archive, folder.resolve("qdrant-storage.tar.gz"));
    }
    Files.writeString(folder.resolve("backup-info.txt"), "OpenMemory Backup\n");
    target = BackupTargets.open(temp.resolve("backups"));
    backups = Backups.in(target);
  }

  @AfterEach
  void close() throws Exception {
    target.close();
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
    byte[] archive = Files.readAllBytes(folder.resolve("qdrant-storage.tar.gz"));
    Files.write(
        folder.resolve("qdrant-storage.tar.gz"),
        java.util.Arrays.copyOf(archive, archive.length / 2));
    assertThat(backups.verify(NAME).problems())
        .extracting(VerifyReport.Problem::subject)
        .containsExactly("vectors");
  }

  @Test
  void isRestored() throws Exception {
    Path copy = temp.resolve("copy");
    backups.restore(NAME, Installation.inFolder(copy), RestoreRequest.STANDARD);
    SampleInstallation archived = SampleInstallation.unpackTo(temp.resolve("archived"));
    assertThat(FileTree.of(copy.resolve("qdrant-storage")))
        .isEqualTo(FileTree.of(archived.storage()));
    assertThat(copy.resolve("api/openmemory.db")).hasSameBinaryContentAs(sample.database());
  }

  @Test
  void isDeletedWhole() throws Exception {
    backups.delete(NAME);
    assertThat(backups.list()).isEmpty();
    assertThat(folder).doesNotExist();
  }

  @Test
  void foldersThatAreNoBackupsAreLeftAlone() throws Exception {
    Path other = Files.createDirectories(temp.resolve("backups/photos"));
    Files.writeString(other.resolve("holiday.txt"), "not ours");
    assertThat(backups.list()).hasSize(1);
    backups.create(sample.installation(), dev.openmemory.backup.BackupRequest.STANDARD);
    assertThat(other.resolve("holiday.txt")).hasContent("not ours");
  }
}
