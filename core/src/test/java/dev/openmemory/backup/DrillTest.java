package dev.openmemory.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.drill.DrillReport;
import dev.openmemory.backup.drill.DrillReport.Outcome;
import dev.openmemory.backup.drill.DrillRequest;
import dev.openmemory.backup.drill.Proof;
import dev.openmemory.backup.sample.DoubleServerProvider;
import dev.openmemory.backup.sample.DrillSample;
import dev.openmemory.backup.sample.StoredObjects;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.spi.Content;
import dev.openmemory.backup.spi.ForwardingBackupTarget;
import dev.openmemory.backup.spi.ObjectInfo;
import dev.openmemory.backup.spi.WriteOptions;
import dev.openmemory.backup.testkit.InMemoryBackupTarget;
import dev.openmemory.backup.verify.VerifyReport.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Backups on trial: what plays Qdrant is started on what was restored. */
class DrillTest {
  private static final BackupName FIRST = new BackupName("first");

  @TempDir Path temp;
  private DrillSample sample;
  private final BackupTarget target = new InMemoryBackupTarget();
  private final StoredObjects stored = new StoredObjects(target);
  private Backups backups;

  @BeforeEach
  void make() throws Exception {
    sample = DrillSample.in(temp.resolve("openmemory"));
    backups = Backups.in(target).withScratch(scratch());
  }

  @AfterEach
  void nothingIsLeft() throws IOException {
    assertThat(scratch()).isEmptyDirectory();
    if (Files.exists(log())) {
      assertThat(log()).content().endsWith("closed\n");
    }
  }

  @Test
  void aBackupIsProvenWithCollectionsCountsAndIds() throws Exception {
    sample.backUp(backups, "first");
    state("points", Map.of("openmemory", 58));

    DrillReport report = drill();

    assertThat(report.problems()).isEmpty();
    assertThat(report.warnings()).isEmpty();
    assertThat(report.outcome()).isEqualTo(Outcome.PROVEN);
    assertThat(report.restored()).containsExactly("database", "config", "vectors");
    Proof.Seen seen = report.seen().orElseThrow();
    assertThat(seen.points()).containsExactly(Map.entry("openmemory", 58L));
    assertThat(seen.matchedIds()).hasValue(58);
    assertThat(seen.by()).isEqualTo("Qdrant 1.18.3, double");
    assertThat(seen.version()).isEqualTo("1.18.3");
    assertThat(seen.searched()).isEqualTo(58);
    assertThat(report.recorded()).isTrue();
    Proof proof = backups.find(FIRST).proof().orElseThrow();
    assertThat(proof.seen()).isEqualTo(seen);
    assertThat(backups.verify(FIRST).problems()).isEmpty();

    backups.delete(FIRST);
    assertThat(target.list("")).isEmpty();
  }

  @Test
  void lostPointsAreNamedWithBothNumbersAndEndAnOlderProof() throws Exception {
    sample.backUp(backups, "first");
    assertThat(drill().outcome()).isEqualTo(Outcome.PROVEN);
    state("points", Map.of("openmemory", 60));
    theOlderProofIsOfTheManifestBefore();

    DrillReport report = drill();

    assertThat(report.outcome()).isEqualTo(Outcome.FAILED);
    assertThat(report.problems())
        .extracting(Problem::message)
        .containsExactly("collection openmemory has 58 points, the manifest says 60");
    assertThat(report.recorded()).isFalse();
    assertThat(stored.has("first/proven.json")).isFalse();
  }

  @Test
  void memoriesWithoutPointsAreAProblemAlsoWhenThePointsWereNotCounted() throws Exception {
    UUID lost = sample.ids().get(7);
    UUID strange = UUID.fromString("ffffffff-0000-4000-8000-000000000001");
    sample.change(
        qdrant -> {
          qdrant.remove("openmemory", lost.toString());
          qdrant.put("openmemory", strange, "alice");
          qdrant.put("openmemory", 7, Map.of());
        });
    sample.backUp(backups, "first");

    DrillReport report = drill();

    assertThat(report.outcome()).isEqualTo(Outcome.FAILED);
    assertThat(report.problems())
        .extracting(Problem::message)
        .containsExactly("1 memory has no vector in collection openmemory: " + lost);
    assertThat(report.warnings()).isEmpty();
  }

  @Test
  void dataThatDidNotFitTogetherWhenItWasCountedComesBackAsItWas() throws Exception {
    sample.change(qdrant -> qdrant.remove("openmemory", sample.ids().get(7).toString()));
    sample.backUp(backups, "first");
    state("points", Map.of("openmemory", 57));

    DrillReport report = drill();

    assertThat(report.outcome()).isEqualTo(Outcome.PROVEN);
    assertThat(report.seen().orElseThrow().matchedIds()).hasValue(57);
    assertThat(report.warnings())
        .extracting(Warning::code)
        .containsExactly("memories-without-vector");
  }

  @Test
  void aCollectionThatQdrantDoesNotShowIsMissing() throws Exception {
    sample.change(qdrant -> qdrant.createCollection("notes"));
    sample.backUp(backups, "first");

    DrillReport report = drill(Map.of("loses", "collections/notes/config.json"));

    assertThat(report.outcome()).isEqualTo(Outcome.FAILED);
    assertThat(report.problems())
        .extracting(Problem::message)
        .containsExactly("collection notes is missing in Qdrant");
  }

  @Test
  void pointsWithoutTheirVectorsAreAProblem() throws Exception {
    sample.backUp(backups, "first");
    Path points = sample.installation().storage().resolve("collections/openmemory/0/points.json");
    String whole = Files.readString(points);
    for (String vector : List.of("[0,0,0,0]", "[]", "null")) {
      Files.writeString(points, whole.replaceFirst("\\[\\s*1,\\s*0,\\s*0,\\s*0\\s*]", vector));
      backups.delete(FIRST);
      sample.backUp(backups, "first");

      DrillReport report = drill();

      assertThat(report.outcome()).isEqualTo(Outcome.FAILED);
      assertThat(report.problems())
          .extracting(Problem::message)
          .singleElement()
          .asString()
          .startsWith("collection openmemory has 1 points without a vector, such as ");
    }
  }

  @Test
  void aStoreThatCannotBeSearchedIsNotProven() throws Exception {
    sample.backUp(backups, "first");

    DrillReport report = drill(Map.of("refuses", "POST /collections/openmemory/points/query"));

    assertThat(report.outcome()).isEqualTo(Outcome.FAILED);
    assertThat(report.problems())
        .extracting(Problem::message)
        .singleElement()
        .asString()
        .contains("OutputTooSmall");
  }

  @Test
  void aPointThatASearchForItsVectorDoesNotFindIsAProblem() throws Exception {
    String lost = UUID.fromString("00000000-0000-4000-8000-000000000001").toString();
    sample.change(
        qdrant -> {
          qdrant.createCollection("notes");
          qdrant.put("notes", lost, Map.of());
        });
    sample.backUp(backups, "first");

    DrillReport report = drill(Map.of("unsearchable", lost));

    assertThat(report.problems())
        .extracting(Problem::message)
        .containsExactly(
            "collection notes: a search for its own vector does not find point " + lost);
  }

  @Test
  void aProgramThatEndsAtOnceIsQuoted() throws Exception {
    sample.backUp(backups, "first");
    // Without arguments it lists its options and ends.
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");

    DrillReport report = backups.drill(FIRST, DrillRequest.STANDARD.withBinary(java));

    assertThat(report.outcome()).isEqualTo(Outcome.FAILED);
    assertThat(report.seen()).isEmpty();
    assertThat(report.problems())
        .singleElement()
        .extracting(Problem::message)
        .asString()
        .startsWith("program java ended with exit code 1; it said: ")
        .contains("--");
  }

  @Test
  void oneThatNeverServesIsGivenUp() throws Exception {
    sample.backUp(backups, "first");

    DrillReport report =
        backups.drill(
            FIRST,
            DrillRequest.STANDARD
                .withServer(DoubleServerProvider.server(log(), Map.of("deaf", "true")))
                .withPatience(Duration.ZERO));

    assertThat(report.outcome()).isEqualTo(Outcome.FAILED);
    assertThat(report.problems())
        .extracting(Problem::message)
        .containsExactly("double did not serve within 0 s; it said: loading for ever");
  }

  @Test
  void whatIsNoProgramIsNoVerdictOnTheBackup() throws Exception {
    sample.backUp(backups, "first");
    drill();
    Path text = Files.writeString(temp.resolve("text"), "not a program");
    Files.setPosixFilePermissions(text, PosixFilePermissions.fromString("rwx------"));

    assertThatThrownBy(() -> backups.drill(FIRST, DrillRequest.STANDARD.withBinary(text)))
        .isInstanceOfSatisfying(
            BackupException.class, e -> assertThat(e.kind()).isEqualTo(Kind.INVALID));
    assertThat(backups.find(FIRST).proof()).isPresent();
  }

  @Test
  void withoutAProgramTheRestIsProvenAndAnOlderProofStays() throws Exception {
    sample.backUp(backups, "first");
    drill();

    DrillReport report = backups.drill(FIRST, DrillRequest.STANDARD);

    assertThat(report.outcome()).isEqualTo(Outcome.PARTLY);
    assertThat(report.notBooted()).isPresent();
    assertThat(backups.find(FIRST).proof()).isPresent();
  }

  @Test
  void factsThatDoNotFitTheFilesAreFoundWithoutAProgram() throws Exception {
    sample.backUp(backups, "first");
    state("collections", List.of("openmemory", "notes"));

    DrillReport report = backups.drill(FIRST, DrillRequest.STANDARD);

    assertThat(report.outcome()).isEqualTo(Outcome.FAILED);
    assertThat(report.problems())
        .extracting(Problem::message)
        .containsExactly("the manifest's 'collections' does not match the contents");
  }

  @Test
  void aTargetThatTakesNoRecordIsAWarning() throws Exception {
    sample.backUp(backups, "first");
    BackupTarget denying =
        new ForwardingBackupTarget(target) {
          @Override
          public ObjectInfo write(ObjectName name, Content content, WriteOptions options)
              throws IOException {
            throw new BackupException(Kind.DENIED, "write", location() + "/" + name, "read-only");
          }
        };

    DrillReport report =
        Backups.in(denying)
            .withScratch(scratch())
            .drill(
                FIRST,
                DrillRequest.STANDARD.withServer(DoubleServerProvider.server(log(), Map.of())));

    assertThat(report.outcome()).isEqualTo(Outcome.PROVEN);
    assertThat(report.recorded()).isFalse();
    assertThat(report.warnings()).extracting(Warning::code).containsExactly("proof-not-recorded");
  }

  @Test
  void aBackupOfTheScriptsIsProvenByWhatItsFilesTell() throws Exception {
    sample.backUp(backups, "first");
    stored.remove("first/manifest.json");

    DrillReport report = drill();

    assertThat(report.outcome()).isEqualTo(Outcome.PROVEN);
    assertThat(report.seen().orElseThrow().matchedIds()).hasValue(58);
    assertThat(report.recorded()).isFalse();
    assertThat(report.warnings()).extracting(Warning::code).containsExactly("proof-not-recorded");
    assertThat(stored.has("first/proven.json")).isFalse();
  }

  private DrillReport drill() throws IOException {
    return drill(Map.of());
  }

  private DrillReport drill(Map<String, String> options) throws IOException {
    return backups.drill(
        FIRST, DrillRequest.STANDARD.withServer(DoubleServerProvider.server(log(), options)));
  }

  private Path log() {
    return temp.resolve("double.log");
  }

  private void state(String fact, Object value) throws IOException {
    DrillSample.state(stored, "first", fact, value);
  }

  /** The one that is there is of the manifest before. */
  private void theOlderProofIsOfTheManifestBefore() throws IOException {
    assertThat(stored.has("first/proven.json")).isTrue();
    assertThat(backups.find(FIRST).proof()).isEmpty();
  }

  private Path scratch() throws IOException {
    return Files.createDirectories(temp.resolve("scratch"));
  }
}
