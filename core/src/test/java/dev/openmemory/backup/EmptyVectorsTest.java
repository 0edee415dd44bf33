package dev.openmemory.backup;

import static dev.openmemory.backup.sample.Failures.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.BackupSummary.State;
import dev.openmemory.backup.drill.DrillReport.Outcome;
import dev.openmemory.backup.drill.DrillRequest;
import dev.openmemory.backup.internal.archive.DirectoryTree;
import dev.openmemory.backup.internal.archive.TarWriter;
import dev.openmemory.backup.sample.FileTree;
import dev.openmemory.backup.sample.MemoriesDatabase;
import dev.openmemory.backup.sample.SampleInstallation;
import dev.openmemory.backup.verify.VerifyReport.Problem;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A backup of memories without their vectors is refused wherever a backup is judged. */
class EmptyVectorsTest extends SampleBackupFixture {
  private static final BackupName FIRST = new BackupName("first");
  private static final String LACK =
      "the vector store in qdrant-storage.tar.gz holds no collection";

  private Path empty;

  @BeforeEach
  void prepare() throws IOException {
    empty = Files.createDirectory(temp.resolve("empty"));
  }

  @Test
  void theBackupOfAScriptThatArchivedTheWrongVolume() throws Exception {
    backUpAsTheScriptsDo();
    assertThat(backups.list())
        .singleElement()
        .satisfies(backup -> assertThat(backup.state()).isEqualTo(State.UNVERIFIED))
        .satisfies(backup -> assertThat(backup.problem()).hasValue(LACK));
    assertThat(backups.verify(FIRST).problems())
        .extracting(Problem::message)
        .containsExactly("58 memories, but the vector store holds no collection");
    assertRefused(RestoreRequest.STANDARD.asDryRun());
    assertRefused(RestoreRequest.STANDARD);
    assertRefused(RestoreRequest.STANDARD.withOnly(Set.of("vectors")).acceptingMismatch());
    assertThat(backups.drill(FIRST, DrillRequest.STANDARD).outcome()).isEqualTo(Outcome.FAILED);
  }

  @Test
  void itIsRestoredWhenTheUserInsists() throws Exception {
    backUpAsTheScriptsDo();
    backups.restore(FIRST, sample.installation(), RestoreRequest.STANDARD.allowingEmptyVectors());
    assertThat(sample.storage().resolve("collections")).doesNotExist();
  }

  @Test
  void itsDatabaseAndConfigurationAreRestoredAlone() throws Exception {
    backUpAsTheScriptsDo();
    RestoreRequest request =
        RestoreRequest.STANDARD.withOnly(Set.of("database", "config")).acceptingMismatch();
    assertThat(backups.restore(FIRST, sample.installation(), request).components())
        .containsExactly("database", "config");
    assertThat(sample.storage().resolve("collections")).isDirectory();
  }

  @Test
  void whatTheUserAcceptedIsSoundButReplacesVectorsOnlyWhenAcceptedAgain() throws Exception {
    backups.create(installation(), BackupRequest.named("first").allowingEmptyVectors());
    assertThat(backups.find(FIRST).problem()).isEmpty();
    assertThat(backups.verify(FIRST).problems()).isEmpty();
    assertThat(backups.drill(FIRST, DrillRequest.STANDARD).outcome()).isEqualTo(Outcome.PARTLY);
    assertRefused(RestoreRequest.STANDARD);
  }

  @Test
  void aManifestThatStatesItWithoutConsentIsListedAsNotComplete() throws Exception {
    backups.create(installation(), BackupRequest.named("first").allowingEmptyVectors());
    stored.edit("first/manifest.json", "emptyAccepted", "emptyIgnored");
    assertThat(backups.find(FIRST).state()).isEqualTo(State.COMPLETE);
    assertThat(backups.find(FIRST).problem().orElseThrow()).startsWith("58 memories, but the");
    assertThat(backups.verify(FIRST).ok()).isFalse();
    assertThat(backups.drill(FIRST, DrillRequest.STANDARD).outcome()).isEqualTo(Outcome.FAILED);
  }

  @Test
  void aDatabaseOfAnotherProgramInAScriptBackup() throws Exception {
    stored.write("first/qdrant-storage.tar.gz", SampleInstallation.slimArchive());
    Path other = temp.resolve("other.db");
    new MemoriesDatabase(other).run("CREATE TABLE bookmarks (url)");
    stored.write("first/openmemory.db", other);
    assertThat(backups.verify(FIRST).problems())
        .extracting(Problem::message)
        .containsExactly("the database has no table 'memories', so it is not one of OpenMemory");
    assertRefused(RestoreRequest.STANDARD);
    assertRefused(RestoreRequest.STANDARD.allowingEmptyVectors());
  }

  @Test
  void aSmallArchiveThatIsDamagedIsNotCompleteEither() throws Exception {
    backUpAsTheScriptsDo();
    stored.write("first/qdrant-storage.tar.gz", "no archive");
    assertThat(backups.find(FIRST).problem().orElseThrow()).contains("not an intact gzip stream");
  }

  private Installation installation() {
    return Installation.at(sample.home()).withStorage(empty);
  }

  private void backUpAsTheScriptsDo() throws IOException {
    stored.write("first/openmemory.db", sample.database());
    stored.write("first/config.json", sample.config());
    ByteArrayOutputStream archive = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(archive)) {
      Cancellation never = new Cancellation();
      TarWriter.write(DirectoryTree.scan(empty, name -> false, never, warning -> {}), out, never);
    }
    stored.write("first/qdrant-storage.tar.gz", archive.toByteArray());
  }

  private void assertRefused(RestoreRequest request) throws IOException {
    Map<String, String> before = FileTree.of(sample.home());
    BackupException failure =
        failureOf(() -> backups.restore(FIRST, sample.installation(), request));
    assertThat(failure.kind()).isEqualTo(Kind.INCONSISTENT);
    assertThat(FileTree.of(sample.home())).isEqualTo(before);
  }
}
