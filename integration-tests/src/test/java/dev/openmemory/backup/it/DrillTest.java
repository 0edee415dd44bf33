package dev.openmemory.backup.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.BackupName;
import dev.openmemory.backup.BackupTargets;
import dev.openmemory.backup.Backups;
import dev.openmemory.backup.DrillReport;
import dev.openmemory.backup.DrillReport.Outcome;
import dev.openmemory.backup.DrillRequest;
import dev.openmemory.backup.ObjectName;
import dev.openmemory.backup.Proof;
import dev.openmemory.backup.VerifyReport.Problem;
import dev.openmemory.backup.Warning;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.spi.Content;
import dev.openmemory.backup.spi.ForwardingBackupTarget;
import dev.openmemory.backup.spi.ObjectInfo;
import dev.openmemory.backup.spi.WriteOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Backups on trial: a process that plays Qdrant is started on what was restored. */
@Timeout(180)
class DrillTest {
  private static final BackupName FIRST = new BackupName("first");

  @TempDir Path temp;
  private DrillSample sample;
  private BackupTarget target;
  private Backups backups;
  private Optional<TrialProgram> program = Optional.empty();

  @BeforeEach
  void make() throws Exception {
    sample = DrillSample.in(temp.resolve("openmemory"));
    target = BackupTargets.open(temp.resolve("backups"));
    backups = Backups.in(target).withScratch(scratch());
  }

  @AfterEach
  void nothingIsLeft() throws IOException {
    target.close();
    if (program.isPresent()) {
      boolean gone = program.get().isGone();
      program.get().end();
      assertThat(gone).as("the process has ended").isTrue();
    }
    try (Stream<Path> left = Files.list(scratch())) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void aBackupIsProvenWithCollectionsCountsAndIds() throws Exception {
    sample.backUp(backups, "first");
    state("points", Map.of("openmemory", 58));

    DrillReport report = drill(TrialProgram.serving(temp.resolve("bin")));

    assertThat(report.problems()).isEmpty();
    assertThat(report.warnings()).isEmpty();
    assertThat(report.outcome()).isEqualTo(Outcome.PROVEN);
    assertThat(report.restored()).containsExactly("database", "config", "vectors");
    Proof.Seen seen = report.seen().orElseThrow();
    assertThat(seen.points()).containsExactly(Map.entry("openmemory", 58L));
    assertThat(seen.matchedIds()).hasValue(58);
    assertThat(seen.server()).isEqualTo("program qdrant");
    assertThat(report.recorded()).isTrue();
    Proof proof = backups.find(FIRST).proof().orElseThrow();
    assertThat(proof.seen()).isEqualTo(seen);
    assertThat(backups.verify(FIRST).problems()).isEmpty();

    backups.delete(FIRST);
    assertThat(target.list("")).isEmpty();
  }

  @Test
  void theProgramGetsNothingButWhatItNeeds() throws Exception {
    sample.backUp(backups, "first");
    TrialProgram serving = TrialProgram.serving(temp.resolve("bin"));

    drill(serving);

    String scratch = scratch().toRealPath().toString();
    assertThat(serving.environment().lines())
        .contains("QDRANT__TELEMETRY_DISABLED=true", "QDRANT__SERVICE__HOST=127.0.0.1")
        .noneMatch(line -> line.endsWith("_PORT=6333") || line.endsWith("_PORT=6334"))
        .filteredOn(line -> line.startsWith("QDRANT__STORAGE__") || line.startsWith("TMPDIR"))
        .hasSize(4)
        .allMatch(line -> line.contains("=" + scratch));
    assertThat(serving.environment().lines())
        .map(line -> line.replaceFirst("=.*", ""))
        .allMatch(
            name ->
                name.matches(
                    "QDRANT__.*|TMPDIR|PATH|LD_LIBRARY_PATH|LANG|HOME|PWD|SHLVL|_|OLDPWD"));
  }

  @Test
  void lostPointsAreNamedWithBothNumbersAndEndAnOlderProof() throws Exception {
    sample.backUp(backups, "first");
    TrialProgram serving = TrialProgram.serving(temp.resolve("bin"));
    assertThat(drill(serving).outcome()).isEqualTo(Outcome.PROVEN);
    state("points", Map.of("openmemory", 60));
    theOlderProofIsOfTheManifestBefore();

    DrillReport report = drill(serving);

    assertThat(report.outcome()).isEqualTo(Outcome.FAILED);
    assertThat(report.problems())
        .extracting(Problem::message)
        .containsExactly("collection openmemory has 58 points, the manifest says 60");
    assertThat(report.recorded()).isFalse();
    assertThat(temp.resolve("backups/first/proven.json")).doesNotExist();
  }

  @Test
  void memoriesWithoutPointsAreAProblemWhereNobodyHasCountedThePoints() throws Exception {
    UUID lost = sample.ids().get(7);
    UUID strange = UUID.fromString("ffffffff-0000-4000-8000-000000000001");
    sample.change(
        qdrant -> {
          qdrant.remove("openmemory", lost.toString());
          qdrant.put("openmemory", strange, "alice");
          qdrant.put("openmemory", 7, Map.of());
        });
    sample.backUp(backups, "first");

    DrillReport report = drill(TrialProgram.serving(temp.resolve("bin")));

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

    DrillReport report = drill(TrialProgram.serving(temp.resolve("bin")));

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

    DrillReport report =
        drill(
            TrialProgram.changing(
                temp.resolve("bin"),
                "rm \"$QDRANT__STORAGE__STORAGE_PATH/collections/notes/config.json\""));

    assertThat(report.outcome()).isEqualTo(Outcome.FAILED);
    assertThat(report.problems())
        .extracting(Problem::message)
        .containsExactly("collection notes is missing in Qdrant");
  }

  @Test
  void aProgramThatEndsAtOnceIsQuoted() throws Exception {
    sample.backUp(backups, "first");

    DrillReport report =
        drill(TrialProgram.ending(temp.resolve("bin"), "Panic: Failed to load local shard", 101));

    assertThat(report.outcome()).isEqualTo(Outcome.FAILED);
    assertThat(report.seen()).isEmpty();
    assertThat(report.problems())
        .extracting(Problem::message)
        .containsExactly(
            "program qdrant ended with exit code 101; it said: Panic: Failed to load local shard");
    assertThat(report.elapsed()).isLessThan(Duration.ofMinutes(1));
  }

  @Test
  void aProgramThatNeverServesIsGivenUpAndEnded() throws Exception {
    sample.backUp(backups, "first");
    program = Optional.of(TrialProgram.deaf(temp.resolve("bin")));

    DrillReport report =
        backups.drill(
            FIRST,
            DrillRequest.STANDARD
                .withBinary(program.get().file())
                .withPatience(Duration.ofSeconds(1)));

    assertThat(report.outcome()).isEqualTo(Outcome.FAILED);
    assertThat(report.problems())
        .extracting(Problem::message)
        .containsExactly("program qdrant did not serve within 1 s; it said: loading for ever");
  }

  @Test
  void anInterruptEndsTheProgramAndRemovesWhatWasRestored() throws Exception {
    sample.backUp(backups, "first");
    drill(TrialProgram.serving(temp.resolve("serving")));
    TrialProgram deaf = TrialProgram.deaf(temp.resolve("bin"));
    program = Optional.of(deaf);
    Thread worker = Thread.currentThread();
    Thread interrupter =
        new Thread(
            () -> {
              try {
                deaf.awaitStart();
                worker.interrupt();
              } catch (IOException | InterruptedException e) {
                throw new AssertionError(e);
              }
            });
    interrupter.start();

    assertThatThrownBy(() -> backups.drill(FIRST, DrillRequest.STANDARD.withBinary(deaf.file())))
        .isInstanceOfSatisfying(
            BackupException.class, e -> assertThat(e.kind()).isEqualTo(Kind.CANCELLED));
    assertThat(Thread.interrupted()).isTrue();
    interrupter.join();
    assertThat(backups.find(FIRST).proof()).isPresent();
  }

  @Test
  void afterAKillTheNextRunEndsTheProgramAndRemovesWhatWasRestored() throws Exception {
    sample.backUp(backups, "first");
    TrialProgram deaf = TrialProgram.deaf(temp.resolve("bin"));
    program = Optional.of(deaf);
    try (ChildJvm child =
        ChildJvm.start(
            DrillChild.class,
            List.of("-XX:TieredStopAtLevel=1"),
            temp.resolve("backups"),
            scratch(),
            "first",
            deaf.file())) {
      ProcessHandle orphan = deaf.awaitStart();
      awaitRecord();
      child.kill();
      assertThat(orphan.isAlive()).isTrue();

      assertThat(backups.verify(FIRST).problems()).isEmpty();

      orphan.onExit().join();
    }
  }

  @Test
  void whatIsNoProgramIsNoVerdictOnTheBackup() throws Exception {
    sample.backUp(backups, "first");
    drill(TrialProgram.serving(temp.resolve("bin")));
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
    drill(TrialProgram.serving(temp.resolve("bin")));

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
    program = Optional.of(TrialProgram.serving(temp.resolve("bin")));

    DrillReport report =
        Backups.in(denying)
            .withScratch(scratch())
            .drill(FIRST, DrillRequest.STANDARD.withBinary(program.get().file()));

    assertThat(report.outcome()).isEqualTo(Outcome.PROVEN);
    assertThat(report.recorded()).isFalse();
    assertThat(report.warnings()).extracting(Warning::code).containsExactly("proof-not-recorded");
  }

  @Test
  void aBackupOfTheScriptsIsProvenByWhatItsFilesTell() throws Exception {
    sample.backUp(backups, "first");
    Files.delete(temp.resolve("backups/first/manifest.json"));

    DrillReport report = drill(TrialProgram.serving(temp.resolve("bin")));

    assertThat(report.outcome()).isEqualTo(Outcome.PROVEN);
    assertThat(report.seen().orElseThrow().matchedIds()).hasValue(58);
    assertThat(report.recorded()).isFalse();
    assertThat(report.warnings()).extracting(Warning::code).containsExactly("proof-not-recorded");
    assertThat(temp.resolve("backups/first/proven.json")).doesNotExist();
  }

  private DrillReport drill(TrialProgram chosen) throws IOException {
    program = Optional.of(chosen);
    return backups.drill(FIRST, DrillRequest.STANDARD.withBinary(chosen.file()));
  }

  private void state(String fact, Object value) throws IOException {
    DrillSample.state(temp.resolve("backups/first"), fact, value);
  }

  /** The one that is there is of the manifest before. */
  private void theOlderProofIsOfTheManifestBefore() throws IOException {
    assertThat(temp.resolve("backups/first/proven.json")).exists();
    assertThat(backups.find(FIRST).proof()).isEmpty();
  }

  private void awaitRecord() throws Exception {
    long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (System.nanoTime() < deadline) {
      try (Stream<Path> files = Files.walk(scratch())) {
        if (files.anyMatch(file -> file.endsWith("child-process.json") && size(file) > 0)) {
          return;
        }
      }
      Thread.sleep(20);
    }
    throw new AssertionError("the process was not recorded");
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      return 0;
    }
  }

  private Path scratch() throws IOException {
    return Files.createDirectories(temp.resolve("scratch"));
  }
}
