package dev.openmemory.backup;

import static dev.openmemory.backup.sample.Failures.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.BackupEvent.Phase;
import dev.openmemory.backup.BackupEvent.PhaseStarted;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.export.ExportFormat;
import dev.openmemory.backup.export.ExportReport;
import dev.openmemory.backup.export.ExportRequest;
import dev.openmemory.backup.sample.MemoriesDatabase;
import dev.openmemory.backup.sample.OpenMemoryImport;
import dev.openmemory.backup.sample.SampleInstallation;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Exports for OpenMemory's import: of a real installation, and every way to be refused. */
class ExportTest extends SampleBackupFixture {
  private static final BackupName NAME = new BackupName("first");
  private static final ExportRequest OPENMEMORY = ExportRequest.of(ExportFormat.OPENMEMORY);
  private static final ExportRequest ALICE = OPENMEMORY.withUser("alice");
  private static final String DATABASE = "first/openmemory.db";
  private static final JsonMapper JSON = new JsonMapper();

  private Path exports;

  @BeforeEach
  void open() throws IOException {
    exports = Files.createDirectories(temp.resolve("exports"));
  }

  @AfterEach
  void nothingIsLeftOver() throws IOException {
    if (Files.exists(temp.resolve("scratch"))) {
      assertThat(temp.resolve("scratch")).isEmptyDirectory();
    }
  }

  @Test
  void isWhatOpenMemoryItselfExported() throws Exception {
    backups.create(sample.installation(), BackupRequest.named("first"));
    for (String user : List.of("alice", "bob")) {
      Path theirs = temp.resolve(user + "-theirs.zip");
      try (InputStream in =
          Objects.requireNonNull(
              getClass().getResourceAsStream("/openmemory-exports/" + user + ".zip"))) {
        Files.copy(in, theirs);
      }
      Path ours = exports.resolve(user + ".zip");
      backups.exportMemories(NAME, OPENMEMORY.withUser(user), ours);

      JsonNode expected = document(theirs);
      JsonNode found = document(ours);
      assertThat(found.propertyNames()).containsExactlyElementsOf(expected.propertyNames());
      for (String part : expected.propertyNames()) {
        if (!part.equals("export_meta")) {
          assertThat(sorted(found.get(part))).as(part).isEqualTo(sorted(expected.get(part)));
        }
      }
      assertThat(found.get("export_meta").propertyNames())
          .containsExactlyElementsOf(expected.get("export_meta").propertyNames());
      assertThat(OpenMemoryImport.of(ours).vectors)
          .containsExactlyInAnyOrderEntriesOf(OpenMemoryImport.of(theirs).vectors);
    }
  }

  @Test
  void importYieldsTheRowsOfTheDatabaseAndTheReportCountsThem() throws Exception {
    backups.create(sample.installation(), BackupRequest.named("first"));
    Path zip = exports.resolve("alice.zip");
    ExportReport report = backups.exportMemories(NAME, ALICE, zip);

    OpenMemoryImport imported = OpenMemoryImport.of(zip);
    assertThat(imported.memories)
        .containsExactlyInAnyOrderEntriesOf(
            new MemoriesDatabase(sample.database()).memoriesOf("alice"));
    assertThat(imported.history).hasSize(61);
    assertThat(imported.vectors.keySet()).isEqualTo(imported.memories.keySet());
    assertThat(report.user()).isEqualTo("alice");
    assertThat(report.memories()).isEqualTo(Map.of("active", 51L, "paused", 2L, "deleted", 3L));
    assertThat(report.apps()).isEqualTo(5);
    assertThat(report.categories()).isEqualTo(1);
    assertThat(report.bytes()).isEqualTo(Files.size(zip));
    assertThat(report.warnings()).isEmpty();
    assertThat(Files.getPosixFilePermissions(zip))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
  }

  @Test
  void settingsAreNeverExported() throws Exception {
    backups.create(sample.installation(), BackupRequest.named("first"));
    Path zip = exports.resolve("alice.zip");
    backups.exportMemories(NAME, ALICE, zip);
    assertThat(document(zip).toString())
        .doesNotContain(SampleInstallation.LITERAL_KEY)
        .doesNotContain("api_key");
  }

  @Test
  void isTheSameEachTime() throws Exception {
    ByteArrayOutputStream first = new ByteArrayOutputStream();
    ByteArrayOutputStream second = new ByteArrayOutputStream();
    backups.create(sample.installation(), BackupRequest.named("first"));
    backups.exportMemories(NAME, ALICE, first);
    backups.exportMemories(NAME, ALICE, second);
    assertThat(second.toByteArray()).isEqualTo(first.toByteArray());
  }

  @Test
  void backupsOfScriptsAreExported() throws Exception {
    script();
    Path zip = exports.resolve("bob.zip");
    backups.exportMemories(NAME, OPENMEMORY.withUser("bob"), zip);
    assertThat(OpenMemoryImport.of(zip).memories).hasSize(5);
  }

  @Test
  void theUserIsNamedUnlessThereIsOnlyOne() throws Exception {
    script();
    assertThat(refused(Kind.INVALID, () -> export(OPENMEMORY))).contains("alice, bob");
    assertThat(refused(Kind.NOT_FOUND, () -> export(OPENMEMORY.withUser("carol"))))
        .contains("'carol'")
        .contains("alice, bob");

    script("DELETE FROM memories WHERE user_id IN (SELECT id FROM users WHERE user_id = 'alice')");
    Path zip = exports.resolve("only.zip");
    assertThat(backups.exportMemories(NAME, OPENMEMORY, zip).user()).isEqualTo("bob");
    ExportReport without = backups.exportMemories(NAME, ALICE, exports.resolve("alice.zip"));
    assertThat(without.memories()).isEmpty();

    script("DELETE FROM memories");
    refused(Kind.NOT_FOUND, () -> export(OPENMEMORY));
  }

  @Test
  void aBackupWithoutADatabaseIsNotFound() throws Exception {
    stored.write("first/config.json", sample.config());
    assertThat(refused(Kind.NOT_FOUND, () -> export(ALICE))).contains("no database");
    stored.remove("first/config.json");
    assertThat(refused(Kind.NOT_FOUND, () -> export(ALICE)))
        .contains("No backup named 'first' in ");
  }

  @Test
  void aDatabaseOfSomethingElseIsNotFound() throws Exception {
    script("DROP TABLE memories");
    assertThat(refused(Kind.NOT_FOUND, () -> export(ALICE))).contains("memories");
  }

  @Test
  void anEncryptedOrDamagedDatabaseIsCorrupt() throws Exception {
    script();
    byte[] database = stored.bytes(DATABASE);
    stored.write(DATABASE, new byte[8192]);
    assertThat(refused(Kind.CORRUPT, () -> export(ALICE))).contains("encrypted");
    Arrays.fill(database, 3 * 4096, 4 * 4096, (byte) 0);
    stored.write(DATABASE, database);
    refused(Kind.CORRUPT, () -> export(ALICE));
  }

  @Test
  void aFlippedBitIsFoundBeforeAnythingIsWritten() throws Exception {
    backups.create(sample.installation(), BackupRequest.named("first"));
    stored.flip(DATABASE);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    refused(Kind.CORRUPT, () -> backups.exportMemories(NAME, ALICE, out));
    assertThat(out.size()).isZero();
    stored.remove(DATABASE);
    refused(Kind.CORRUPT, () -> export(ALICE));
  }

  @Test
  void damageToOtherPartsOfTheBackupIsNoObstacle() throws Exception {
    backups.create(sample.installation(), BackupRequest.named("first"));
    stored.remove("first/qdrant-storage.tar.gz");
    assertThat(backups.exportMemories(NAME, ALICE, exports.resolve("alice.zip")).ok()).isTrue();
  }

  @Test
  void anExistingFileStays() throws Exception {
    script();
    Path taken = Files.writeString(exports.resolve("refused.zip"), "mine");
    BackupException failure = failureOf(() -> backups.exportMemories(NAME, ALICE, taken));
    assertThat(failure.kind()).isEqualTo(Kind.ALREADY_EXISTS);
    assertThat(taken).hasContent("mine");
    assertThat(exports).isDirectoryContaining("glob:**/refused.zip");
  }

  @Test
  void aFileThatAppearsMeanwhileStays() throws Exception {
    script();
    Path file = exports.resolve("refused.zip");
    Backups raced =
        backups.withListener(
            event -> {
              if (isExport(event)) {
                try {
                  Files.writeString(file, "theirs");
                } catch (IOException e) {
                  throw new AssertionError(e);
                }
              }
            });
    BackupException failure = failureOf(() -> raced.exportMemories(NAME, ALICE, file));
    assertThat(failure.kind()).isEqualTo(Kind.ALREADY_EXISTS);
    assertThat(file).hasContent("theirs");
    assertThat(entries()).containsExactly("refused.zip");
  }

  @Test
  void cancellationAndInterruptLeaveNothing() throws Exception {
    script();
    Cancellation cancellation = new Cancellation();
    Backups cancelled =
        backups
            .withCancellation(cancellation)
            .withListener(
                event -> {
                  if (isExport(event)) {
                    cancellation.cancel();
                  }
                });
    refused(
        Kind.CANCELLED,
        () -> cancelled.exportMemories(NAME, ALICE, exports.resolve("refused.zip")));
    Backups interrupted =
        backups.withListener(
            event -> {
              if (isExport(event)) {
                Thread.currentThread().interrupt();
              }
            });
    refused(
        Kind.CANCELLED,
        () -> interrupted.exportMemories(NAME, ALICE, exports.resolve("refused.zip")));
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void aStreamThatFailsIsAFailureAndNoArchive() throws Exception {
    script();
    OutputStream full =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("No space left on device");
          }
        };
    refused(Kind.NO_SPACE, () -> backups.exportMemories(NAME, ALICE, full));
    refused(
        Kind.NOT_FOUND, () -> backups.exportMemories(NAME, ALICE, temp.resolve("nowhere/x.zip")));
  }

  private static boolean isExport(BackupEvent event) {
    return event instanceof PhaseStarted phase && phase.phase() == Phase.EXPORT;
  }

  /** A backup of the guide's scripts with a changed database. */
  private void script(String... statements) throws Exception {
    Path changed = temp.resolve("changed.db");
    Files.copy(sample.database(), changed, StandardCopyOption.REPLACE_EXISTING);
    new MemoriesDatabase(changed).run(statements);
    stored.write(DATABASE, changed);
  }

  private void export(ExportRequest request) throws IOException {
    backups.exportMemories(NAME, request, exports.resolve("refused.zip"));
  }

  private String refused(Kind kind, ThrowingCallable call) throws IOException {
    BackupException failure = failureOf(call);
    assertThat(failure.kind()).as(failure.getMessage()).isEqualTo(kind);
    assertThat(entries()).noneMatch(name -> name.contains("refused"));
    return failure.fact();
  }

  private Set<String> entries() throws IOException {
    try (Stream<Path> all = Files.list(exports)) {
      return Set.copyOf(all.map(p -> p.getFileName().toString()).toList());
    }
  }

  private static JsonNode document(Path zip) throws IOException {
    return JSON.readTree(OpenMemoryImport.member(zip, "memories.json").orElseThrow());
  }

  private static List<JsonNode> sorted(JsonNode node) {
    List<JsonNode> rows = new ArrayList<>();
    if (node.isArray()) {
      node.forEach(rows::add);
      rows.sort(Comparator.comparing(JsonNode::toString));
    } else {
      rows.add(node);
    }
    return rows;
  }
}
