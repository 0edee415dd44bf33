package dev.openmemory.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.sample.FileTree;
import dev.openmemory.backup.sample.Rows;
import dev.openmemory.backup.sample.SampleInstallation;
import dev.openmemory.backup.verify.VerifyReport;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class RealInstallationTest extends SampleBackupFixture {
  private static final long MOSTLY_EMPTY = 8 << 20;

  @Test
  void isBackedUpListedVerifiedAndRestoredIntoAnotherFolder() throws Exception {
    BackupReport report = backups.create(sample.installation(), BackupRequest.named("first"));

    assertThat(backups.list())
        .extracting(BackupSummary::name)
        .containsExactly(new BackupName("first"));
    VerifyReport verified = backups.verify(new BackupName("first"));
    assertThat(verified.problems()).isEmpty();
    assertThat(verified.files())
        .extracting(VerifyReport.Checked::file)
        .containsExactlyInAnyOrderElementsOf(
            report.manifest().files().stream().map(Manifest.StoredFile::name).toList());

    Path copy = temp.resolve("copy");
    backups.restore(new BackupName("first"), Installation.inFolder(copy), RestoreRequest.STANDARD);
    assertThat(FileTree.of(copy.resolve("qdrant-storage")))
        .isEqualTo(FileTree.of(sample.storage()));
    assertThat(copy.resolve("api/config.json")).hasSameBinaryContentAs(sample.config());
    assertThat(copy.resolve("api/openmemory.db"))
        .hasBinaryContent(stored.bytes("first/openmemory.db"));
    assertThat(Rows.of(copy.resolve("api/openmemory.db"))).isEqualTo(Rows.of(sample.database()));
  }

  @Test
  void manifestSaysWhatIsInIt() throws IOException {
    Manifest manifest =
        backups.create(sample.installation(), BackupRequest.named("first")).manifest();

    var database = manifest.component("database").orElseThrow().facts();
    assertThat(database.number("memories", "active")).hasValue(56);
    assertThat(database.number("memories", "paused")).hasValue(2);
    assertThat(database.number("memories", "deleted")).hasValue(3);
    assertThat(database.number("tables", "apps")).hasValue(6);
    assertThat(database.texts("users")).containsExactly("alice", "bob");
    assertThat(manifest.component("vectors").orElseThrow().facts().texts("collections"))
        .containsExactly("openmemory");
    assertThat(manifest.component("config").orElseThrow().facts().texts("envKeys"))
        .contains("OPENAI_API_KEY", "USER");
  }

  @Test
  void mostlyEmptyStorageStoresSmall() throws IOException {
    try (RandomAccessFile page =
        new RandomAccessFile(sample.storage().resolve("page.dat").toFile(), "rw")) {
      page.setLength(MOSTLY_EMPTY);
      page.seek(MOSTLY_EMPTY / 2);
      page.writeLong(1);
    }
    Manifest manifest =
        backups.create(sample.installation(), BackupRequest.named("first")).manifest();

    Manifest.StoredFile archive =
        manifest.files().stream()
            .filter(f -> f.name().equals("qdrant-storage.tar.gz"))
            .findFirst()
            .orElseThrow();
    assertThat(archive.plain().size()).isGreaterThan(MOSTLY_EMPTY);
    assertThat(archive.stored().size()).isLessThan(MOSTLY_EMPTY / 100);
  }

  @Test
  void literalKeyIsNamedAndNeverShown() throws IOException {
    BackupReport report = backups.create(sample.installation(), BackupRequest.named("first"));

    assertThat(report.manifest().warnings())
        .anySatisfy(
            warning -> {
              assertThat(warning.code()).isEqualTo("literal-key");
              assertThat(warning.message()).contains("configs").contains("api_key");
            });
    for (String name : List.of("manifest.json", "backup-info.txt")) {
      assertThat(stored.text("first/" + name))
          .doesNotContain(SampleInstallation.LITERAL_KEY)
          .doesNotContain(SampleInstallation.ENV_VALUE);
    }
    assertThat(report.toString()).doesNotContain(SampleInstallation.LITERAL_KEY);
    assertThat(stored.objects().keySet()).noneMatch(name -> name.contains("env"));
  }

  @Test
  void restoringInPlaceKeepsTheStateFromBefore() throws IOException {
    backups.create(sample.installation(), BackupRequest.named("first"));
    Map<String, String> vectors = FileTree.of(sample.storage());
    Files.writeString(sample.config(), "{\"changed\": true}");
    Files.writeString(sample.storage().resolve("later.txt"), "made after the backup");

    var report =
        backups.restore(new BackupName("first"), sample.installation(), RestoreRequest.STANDARD);

    assertThat(FileTree.of(sample.storage())).isEqualTo(vectors);
    assertThat(sample.config()).content().contains("text-embedding-3-small");
    assertThat(report.previous())
        .hasEntrySatisfying(
            "config",
            kept -> assertThat(kept.resolve("config.json")).hasContent("{\"changed\": true}"))
        .hasEntrySatisfying(
            "vectors",
            kept -> assertThat(kept.resolve("later.txt")).hasContent("made after the backup"));
  }

  @Test
  void twoRestoresInOneSecondKeepBothStatesFromBefore() throws IOException {
    Backups frozen = backups.withClock(Clock.fixed(Instant.EPOCH, ZoneOffset.UTC));
    frozen.create(sample.installation(), BackupRequest.named("first"));
    Set<Path> kept = new HashSet<>();
    for (int i = 0; i < 2; i++) {
      var report =
          frozen.restore(new BackupName("first"), sample.installation(), RestoreRequest.STANDARD);
      kept.addAll(report.previous().values());
    }
    assertThat(kept).hasSize(6).allSatisfy(folder -> assertThat(folder).isNotEmptyDirectory());
  }

  @Test
  void restoringTheSameBackupTwiceGivesTheSameState() throws IOException {
    backups.create(sample.installation(), BackupRequest.named("first"));
    RestoreRequest discarding = RestoreRequest.STANDARD.discardingPrevious();
    backups.restore(new BackupName("first"), sample.installation(), discarding);
    Map<String, String> once = FileTree.of(sample.home());
    backups.restore(new BackupName("first"), sample.installation(), discarding);
    assertThat(content(FileTree.of(sample.home()))).isEqualTo(content(once));
  }

  /** Without times, which an exchange changes, and without what is kept from before. */
  private static Map<String, String> content(Map<String, String> tree) {
    Map<String, String> content = new TreeMap<>(tree);
    content.keySet().removeIf(name -> name.contains(".openmemory-backup"));
    content.replaceAll((name, text) -> text.replaceFirst(" [0-9]+", ""));
    return content;
  }
}
