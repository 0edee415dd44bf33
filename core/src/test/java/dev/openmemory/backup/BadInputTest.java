package dev.openmemory.backup;

import static dev.openmemory.backup.sample.Failures.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.BackupSummary.State;
import dev.openmemory.backup.sample.FileTree;
import dev.openmemory.backup.sample.MemoriesDatabase;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.spi.ForwardingBackupTarget;
import dev.openmemory.backup.verify.VerifyReport;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each is a clear failure of the right kind; nothing is lost and nothing half-written is left. */
class BadInputTest extends SampleBackupFixture {
  private static final BackupName FIRST = new BackupName("first");

  @AfterEach
  void nothingIsLeftOver() throws IOException {
    assertThat(temp.resolve("scratch"))
        .satisfiesAnyOf(p -> assertThat(p).doesNotExist(), p -> assertThat(p).isEmptyDirectory());
    assertThat(sample.home().resolve(".openmemory-backup/restore.json")).doesNotExist();
    try (Stream<Path> left = Files.walk(temp)) {
      assertThat(left.filter(p -> p.getFileName().toString().matches(".*\\.tmp|new"))).isEmpty();
    }
    assertThat(stored.objects().keySet()).noneMatch(name -> name.endsWith("in-progress.json"));
  }

  @ParameterizedTest
  @EnumSource(names = {"DENIED", "FAILED", "NOT_FOUND"})
  void oneManifestThatCannotBeReadCostsTheOthersNothing(Kind kind) throws IOException {
    create();
    backups.create(sample.installation(), BackupRequest.named("second").allowingEmptyVectors());
    ObjectName manifest = FIRST.file(Manifest.FILE_NAME);
    BackupTarget unreadable =
        new ForwardingBackupTarget(target) {
          @Override
          public InputStream read(ObjectName name, long offset) throws IOException {
            if (name.equals(manifest)) {
              throw new BackupException(kind, "read", "memory:" + name, "Input/output error");
            }
            return super.read(name, offset);
          }
        };
    Backups others = Backups.in(unreadable);
    List<BackupSummary> listed = others.list();
    assertThat(listed)
        .filteredOn(backup -> backup.name().value().equals("second"))
        .singleElement()
        .satisfies(backup -> assertThat(backup.state()).isEqualTo(State.COMPLETE));
    assertThat(others.latest().orElseThrow().name().value()).isEqualTo("second");
    assertThat(listed)
        .filteredOn(backup -> backup.name().equals(FIRST))
        .hasSize(kind == Kind.NOT_FOUND ? 0 : 1)
        .allSatisfy(backup -> assertThat(backup.state()).isEqualTo(State.DAMAGED))
        .allSatisfy(
            backup -> assertThat(backup.problem()).hasValue("manifest.json: Input/output error"));
    if (kind != Kind.NOT_FOUND) {
      others.delete(FIRST);
      assertThat(others.list()).hasSize(1);
    }
  }

  @Test
  void aDatabaseOfAnotherProgram() throws Exception {
    Files.delete(sample.database());
    new MemoriesDatabase(sample.database()).run("CREATE TABLE bookmarks (url)");
    BackupException failure = failure(() -> create());
    assertThat(failure.kind()).isEqualTo(Kind.INCONSISTENT);
    assertThat(failure.fact()).contains("no table 'memories'");
    assertNothingListed();
  }

  @Test
  void aManifestThatCouldNotBeReadIsNotWritten() throws IOException {
    Set<String> tags =
        IntStream.range(0, 150_000).mapToObj(i -> "t".repeat(110) + i).collect(Collectors.toSet());
    BackupRequest request = BackupRequest.named("first").withTags(tags);
    BackupException failure = failure(() -> backups.create(sample.installation(), request));
    assertThat(failure.kind()).isEqualTo(Kind.UNSUPPORTED);
    assertThat(failure.fact()).contains("16777216");
    assertNothingListed();
  }

  @Test
  void missingDatabase() throws IOException {
    Files.delete(sample.database());
    assertThat(failure(() -> create()).kind()).isEqualTo(Kind.NOT_FOUND);
    assertNothingListed();
  }

  @Test
  void databaseThatIsNotSqlite() throws IOException {
    Files.writeString(
        sample.database(), "not a database, but long enough to be looked at as one. ".repeat(100));
    BackupException failure = failure(this::create);
    assertThat(failure.kind()).isEqualTo(Kind.CORRUPT);
    assertThat(failure).hasMessageContaining("header").hasMessageContaining("openmemory.db");
    assertNothingListed();
  }

  @Test
  void corruptDatabaseFailsNamingTheCheck() throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(sample.database().toFile(), "rw")) {
      file.seek(4096 * 5);
      file.write(new byte[4096 * 3]);
    }
    BackupException failure = failure(this::create);
    assertThat(failure.kind()).isEqualTo(Kind.CORRUPT);
    assertThat(failure).hasMessageContaining("integrity");
    assertNothingListed();
  }

  @Test
  void emptyStorageBesideActiveMemories() throws IOException {
    Path empty = Files.createDirectory(temp.resolve("empty"));
    Installation installation = Installation.at(sample.home()).withStorage(empty);
    BackupException failure =
        failure(() -> backups.create(installation, BackupRequest.named("first")));
    assertThat(failure.kind()).isEqualTo(Kind.INCONSISTENT);
    assertThat(failure).hasMessageContaining("58 memories");
    assertNothingListed();

    backups.create(installation, BackupRequest.STANDARD.withName(FIRST).allowingEmptyVectors());
    assertThat(backups.verify(FIRST).problems()).isEmpty();
  }

  @Test
  void noStorageNamedBesideActiveMemories() throws IOException {
    Installation installation = Installation.at(sample.home());
    assertThat(failure(() -> backups.create(installation, BackupRequest.STANDARD)).kind())
        .isEqualTo(Kind.INCONSISTENT);
    assertNothingListed();
  }

  @Test
  void configThatIsNotJsonIsBackedUpWithAWarning() throws IOException {
    Files.writeString(sample.config(), "{ not json");
    var report = backups.create(sample.installation(), BackupRequest.named("first"));
    assertThat(report.manifest().warnings()).anyMatch(w -> w.code().equals("config-not-json"));
    assertThat(stored.text("first/config.json")).isEqualTo("{ not json");
    assertThat(backups.verify(FIRST).problems()).isEmpty();
  }

  @Test
  void missingConfigIsAWarning() throws IOException {
    Files.delete(sample.config());
    var report = backups.create(sample.installation(), BackupRequest.named("first"));
    assertThat(report.manifest().warnings()).anyMatch(w -> w.code().equals("config-missing"));
    assertThat(backups.verify(FIRST).problems()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a/b", "..", "a..b", "with space", "-dash", ".dot", "", "ümlaut", "a\nb"})
  void backupNameThatCouldBecomeAPath(String name) {
    assertThat(failure(() -> BackupRequest.named(name)).kind()).isEqualTo(Kind.INVALID);
  }

  @Test
  void backupNameOf200Characters() {
    assertThat(failure(() -> BackupRequest.named("n".repeat(200))).kind()).isEqualTo(Kind.INVALID);
  }

  @Test
  void nameThatExistsStaysAsItWas() throws IOException {
    create();
    Map<String, String> before = stored.objects();
    assertThat(failure(this::create).kind()).isEqualTo(Kind.ALREADY_EXISTS);
    assertThat(stored.objects()).isEqualTo(before);
  }

  @Test
  void truncatedManifestIsListedAsDamagedAndNotRestored() throws IOException {
    create();
    stored.write("first/manifest.json", stored.text("first/manifest.json").substring(0, 400));

    assertThat(backups.list())
        .extracting(BackupSummary::state)
        .containsExactly(BackupSummary.State.DAMAGED);
    assertThat(backups.verify(FIRST).ok()).isFalse();
    assertThat(restoreFailure().kind()).isEqualTo(Kind.CORRUPT);
  }

  @Test
  void unknownMembersOfAManifestAreIgnoredAndKept() throws IOException {
    create();
    edit("\"quiesce\"", "\"fromTheFuture\" : {\"a\" : [1, 2]}, \"quiesce\"");
    assertThat(backups.verify(FIRST).problems()).isEmpty();
    assertThat(backups.find(FIRST).manifest().orElseThrow().other()).containsKey("fromTheFuture");
  }

  @Test
  void newerMajorFormatIsRefused() throws IOException {
    create();
    edit("\"formatVersion\" : \"1.0\"", "\"formatVersion\" : \"2.0\"");
    assertThat(backups.list().get(0).problem().orElseThrow()).contains("newer");
    assertThat(restoreFailure().getMessage()).contains("2.0");
  }

  @Test
  void manifestWithNamesThatCouldBecomePathsIsListedAsDamaged() throws IOException {
    create();
    edit("\"name\" : \"first\"", "\"name\" : \"../first\"");
    assertThat(backups.list().get(0).problem().orElseThrow()).contains("'name'");
    edit("\"name\" : \"../first\"", "\"name\" : \"first\"");
    edit("\"name\" : \"config.json\"", "\"name\" : \"../../config.json\"");
    assertThat(backups.list().get(0).problem().orElseThrow()).contains("name");
    assertThat(restoreFailure().kind()).isEqualTo(Kind.CORRUPT);
  }

  @Test
  void manifestThatLiesAboutASize() throws IOException {
    create();
    String size = "\"size\" : " + stored.bytes("first/openmemory.db").length;
    edit(size, "\"size\" : 4096");
    assertThat(backups.list().get(0).state()).isEqualTo(BackupSummary.State.DAMAGED);
    assertThat(backups.verify(FIRST).problems())
        .extracting(VerifyReport.Problem::subject)
        .contains("database");
    assertThat(restoreFailure().kind()).isEqualTo(Kind.CORRUPT);
  }

  @Test
  void manifestThatLiesAboutThePlainSizeOfAnArchive() throws IOException {
    create();
    long plain =
        backups.find(FIRST).manifest().orElseThrow().files().stream()
            .filter(f -> f.plainName().equals("qdrant-storage.tar"))
            .findFirst()
            .orElseThrow()
            .plain()
            .size();
    edit("\"size\" : " + plain, "\"size\" : " + plain / 10_000);
    assertThat(backups.verify(FIRST).problems())
        .extracting(VerifyReport.Problem::subject)
        .containsExactly("vectors");
    assertThat(restoreFailure().kind()).isEqualTo(Kind.CORRUPT);
  }

  @Test
  void oneFlippedBitAnywhereIsFound() throws IOException {
    create();
    for (String name :
        List.of("openmemory.db", "config.json", "qdrant-storage.tar.gz", "backup-info.txt")) {
      stored.flip("first/" + name);
      assertThat(backups.verify(FIRST).ok()).as(name).isFalse();
      stored.flip("first/" + name);
    }
    assertThat(backups.verify(FIRST).ok()).isTrue();
  }

  /** Names of files are not protected by checksums of their own. */
  @Test
  void bytesThatMakeANameWhichNoFileSystemTakesAreDamage() throws IOException {
    create();
    ByteArrayOutputStream archive = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar =
        new TarArchiveOutputStream(new GZIPOutputStream(archive), "UTF-8")) {
      tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
      tar.putArchiveEntry(new TarArchiveEntry("./" + "x".repeat(300)));
      tar.closeArchiveEntry();
    }
    String size = "\"size\" : " + stored.bytes("first/qdrant-storage.tar.gz").length;
    stored.write("first/qdrant-storage.tar.gz", archive.toByteArray());
    edit(size, "\"size\" : " + archive.size());
    assertThat(restoreFailure().kind()).isEqualTo(Kind.CORRUPT);
  }

  @Test
  void aRestoreIntoANewFolderThatFailsLeavesNoFolder() throws IOException {
    create();
    stored.flip("first/qdrant-storage.tar.gz");
    Path copy = temp.resolve("copy");
    BackupException failure =
        failure(() -> backups.restore(FIRST, Installation.inFolder(copy), RestoreRequest.STANDARD));
    assertThat(failure.kind()).isEqualTo(Kind.CORRUPT);
    assertThat(copy).doesNotExist();
  }

  @Test
  void missingFileIsFoundByListAndVerify() throws IOException {
    create();
    stored.remove("first/config.json");
    assertThat(backups.list().get(0).problem().orElseThrow()).contains("config.json is missing");
    assertThat(backups.verify(FIRST).ok()).isFalse();
  }

  @Test
  void databaseWithoutItsVectorsIsRefusedUnlessInsistedOn() throws IOException {
    create();
    RestoreRequest databaseOnly = RestoreRequest.STANDARD.withOnly(Set.of("database"));
    Map<String, String> before = FileTree.of(sample.home());
    assertThat(failure(() -> backups.restore(FIRST, sample.installation(), databaseOnly)).kind())
        .isEqualTo(Kind.INVALID);
    assertThat(FileTree.of(sample.home())).isEqualTo(before);

    RestoreRequest insisting =
        RestoreRequest.STANDARD.withOnly(Set.of("database")).acceptingMismatch();
    assertThat(backups.restore(FIRST, sample.installation(), insisting).components())
        .containsExactly("database");
  }

  @Test
  void unknownBackup() {
    assertThat(failure(() -> backups.find(new BackupName("nope"))).kind())
        .isEqualTo(Kind.NOT_FOUND);
    assertThat(failure(() -> backups.verify(new BackupName("nope"))).kind())
        .isEqualTo(Kind.NOT_FOUND);
    assertThat(failure(() -> backups.delete(new BackupName("nope"))).kind())
        .isEqualTo(Kind.NOT_FOUND);
  }

  @Test
  void dryRunOfARestoreTouchesNothing() throws IOException {
    create();
    Map<String, String> before = FileTree.of(sample.home());
    backups.restore(FIRST, sample.installation(), RestoreRequest.STANDARD.asDryRun());
    Map<String, String> after = FileTree.of(sample.home());
    before.keySet().removeIf(n -> n.equals("api") || n.equals("storage"));
    after.keySet().removeIf(n -> n.equals("api") || n.equals("storage"));
    assertThat(after).isEqualTo(before);
  }

  private void create() throws IOException {
    backups.create(sample.installation(), BackupRequest.named("first"));
  }

  private void edit(String from, String to) throws IOException {
    stored.edit("first/manifest.json", from, to);
  }

  /** Restoring fails, and what is there stays byte for byte. */
  private BackupException restoreFailure() throws IOException {
    Map<String, String> before = FileTree.of(sample.home());
    BackupException failure =
        failure(() -> backups.restore(FIRST, sample.installation(), RestoreRequest.STANDARD));
    Map<String, String> after = FileTree.of(sample.home());
    before.values().removeIf(t -> t.startsWith("dir"));
    after.values().removeIf(t -> t.startsWith("dir"));
    assertThat(after).isEqualTo(before);
    return failure;
  }

  private void assertNothingListed() throws IOException {
    assertThat(backups.list()).isEmpty();
  }

  private static BackupException failure(ThrowingCallable call) {
    return failureOf(call);
  }
}
