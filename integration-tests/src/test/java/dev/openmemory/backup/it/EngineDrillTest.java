package dev.openmemory.backup.it;

import static dev.openmemory.backup.sample.Failures.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.BackupName;
import dev.openmemory.backup.BackupRequest;
import dev.openmemory.backup.BackupTargets;
import dev.openmemory.backup.Backups;
import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.Installation;
import dev.openmemory.backup.Installation.Snapshots;
import dev.openmemory.backup.drill.DrillReport;
import dev.openmemory.backup.drill.DrillReport.Outcome;
import dev.openmemory.backup.drill.DrillRequest;
import dev.openmemory.backup.drill.Proof;
import dev.openmemory.backup.sample.DrillSample;
import dev.openmemory.backup.sample.SampleInstallation;
import dev.openmemory.backup.sample.StoredObjects;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.testconditions.EnginePython;
import dev.openmemory.backup.testconditions.Requires;
import dev.openmemory.backup.testkit.qdrant.QdrantDouble;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Backups that Qdrant's own storage engine opens, without a server. */
@Tag("services")
class EngineDrillTest {
  private static final BackupName FIRST = new BackupName("first");

  @TempDir Path temp;
  private static Path python;
  private SampleInstallation sample;
  private BackupTarget target;
  private Backups backups;

  @BeforeAll
  static void find() throws Exception {
    python = EnginePython.require();
  }

  @BeforeEach
  void open() throws Exception {
    target = BackupTargets.open(temp.resolve("backups"));
    backups = Backups.in(target).withScratch(Files.createDirectory(temp.resolve("scratch")));
  }

  @AfterEach
  void nothingIsLeft() throws IOException {
    target.close();
    assertThat(temp.resolve("scratch")).isEmptyDirectory();
  }

  @Test
  void theRecordedInstallationIsProven() throws Exception {
    sample = SampleInstallation.unpackTo(temp.resolve("openmemory"));
    backups.create(sample.installation(), BackupRequest.named("first"));

    DrillReport report = drill();

    assertThat(report.problems()).isEmpty();
    assertThat(report.outcome()).isEqualTo(Outcome.PROVEN);
    Proof.Seen seen = report.seen().orElseThrow();
    assertThat(seen.by()).matches("qdrant-edge-py [0-9.]+, the storage engine of Qdrant");
    assertThat(seen.points()).containsExactly(Map.entry("openmemory", 58L));
    assertThat(seen.matchedIds()).hasValue(58);
    assertThat(seen.searched()).isEqualTo(58);
    assertThat(backups.find(FIRST).proof().orElseThrow().seen()).isEqualTo(seen);
  }

  @Test
  void theSnapshotOfARunningQdrantIsProven() throws Exception {
    sample = SampleInstallation.unpackSlimTo(temp.resolve("openmemory"));
    Path snapshot =
        Path.of(System.getProperty("openmemory.root"))
            .resolve("core/src/test/resources/dev/openmemory/backup/internal/qdrant/server/sample")
            .resolve("openmemory-50.snapshot");
    try (QdrantDouble server = QdrantDouble.start(temp.resolve("server/storage"))) {
      server.createCollection("openmemory", Map.of("size", 4, "distance", "Cosine"), 1);
      server.fill("openmemory", 50);
      server.snapshotsAre(snapshot);
      backups.create(
          Installation.at(sample.home()).withSnapshots(Snapshots.of(server.uri())),
          BackupRequest.named("first"));
    }

    DrillReport report = drill();

    // The memories are of another recording, which the manifest states as it was counted.
    assertThat(report.problems()).isEmpty();
    assertThat(report.seen().orElseThrow().points()).containsEntry("openmemory", 50L);
    assertThat(report.seen().orElseThrow().searched()).isEqualTo(50);
  }

  @Test
  void whatAnEngineCannotReadOfAVersionItWasNeverTriedWithIsNotJudged() throws Exception {
    sample = SampleInstallation.unpackSlimTo(temp.resolve("openmemory"));
    backups.create(sample.installation(), BackupRequest.named("first"));
    DrillSample.state(new StoredObjects(target), "first", "qdrantVersion", "1.7.4");
    DrillReport untried = drill();
    assertThat(untried.outcome()).isEqualTo(Outcome.PARTLY);
    assertThat(untried.notBooted().orElseThrow()).contains("never tried").contains("1.7.4");

    DrillSample.state(new StoredObjects(target), "first", "qdrantVersion", "1.18.3");
    assertThat(drill().outcome()).isEqualTo(Outcome.FAILED);
  }

  @Test
  void aPythonThatCannotLoadTheEngineIsNoVerdict() throws Exception {
    sample = SampleInstallation.unpackSlimTo(temp.resolve("openmemory"));
    backups.create(sample.installation(), BackupRequest.named("first"));
    Path without = script("echo '" + error("ModuleNotFoundError", "", "no module") + "'");
    DrillReport report = backups.drill(FIRST, DrillRequest.STANDARD.withEngine(without, false));
    assertThat(report.outcome()).isEqualTo(Outcome.PARTLY);
    assertThat(report.notBooted().orElseThrow()).contains("has no package qdrant-edge-py");
    assertThat(failure(without).kind()).isEqualTo(Kind.UNSUPPORTED);
    assertThat(failure(script("echo '" + error("ImportError", "", "symbol not found") + "'")))
        .hasMessageContaining("cannot load the package qdrant-edge-py: symbol not found");
    assertThat(failure(script("echo 'xcode-select: no tools' >&2; exit 1")))
        .hasMessageContaining("exit code 1; it said: xcode-select");
    assertThat(failure(temp.resolve("none")).kind()).isEqualTo(Kind.NOT_FOUND);
    assertThat(failure(temp).kind()).isEqualTo(Kind.INVALID);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "trap '' TERM; while :; do sleep 1; done | TIMEOUT | silent for 0 s",
        "kill -9 $$                              | FAILED  | ended by signal 9",
        "kill -BUS $$                            | FAILED  | ended by signal 7",
        "echo no engine >&2; exit 3              | FAILED  | exit code 3; it said: no engine",
        "echo no JSON                            | FAILED  | makes no sense",
      })
  void anEngineThatGivesNoAnswerProvesAndJudgesNothing(String does, Kind kind, String text)
      throws Exception {
    sample = SampleInstallation.unpackSlimTo(temp.resolve("openmemory"));
    backups.create(sample.installation(), BackupRequest.named("first"));
    Path broken = script("[ $4 = version ] && echo '{\"version\":\"0.9.0\"}' && exit; " + does);
    DrillRequest request = DrillRequest.STANDARD.withPatience(Duration.ofMillis(400));

    BackupException failure =
        failureOf(() -> backups.drill(FIRST, request.withEngine(broken, true)));
    assertThat(failure.kind()).isEqualTo(kind);
    assertThat(failure).hasMessageContaining(text);

    DrillReport report = backups.drill(FIRST, request.withEngine(broken, false));
    assertThat(report.outcome()).isEqualTo(Outcome.PARTLY);
    assertThat(report.notBooted().orElseThrow()).contains(text);
  }

  @Test
  void aFullTemporaryFolderIsNoVerdict() throws Exception {
    sample = SampleInstallation.unpackTo(temp.resolve("openmemory"));
    backups.create(sample.installation(), BackupRequest.named("first"));
    Path disk = Files.createDirectory(temp.resolve("disk"));
    Requires.that(
        run("mount", "-t", "tmpfs", "-o", "size=32m", "none", disk.toString()) == 0,
        "mount rights");
    try {
      BackupException failure = failure(backups.withScratch(disk), python);
      assertThat(failure.kind()).isEqualTo(Kind.NO_SPACE);
      assertThat(failure).hasMessageContaining("the temporary folder is full");
      assertThat(failure.location()).startsWith(disk.toRealPath().toString());
      assertThat(disk).isEmptyDirectory();
    } finally {
      run("umount", disk.toString());
    }
  }

  private static int run(String... command) throws Exception {
    return new ProcessBuilder(command).inheritIO().start().waitFor();
  }

  @Test
  void cancellingEndsTheEngine() throws Exception {
    sample = SampleInstallation.unpackSlimTo(temp.resolve("openmemory"));
    backups.create(sample.installation(), BackupRequest.named("first"));
    Path pid = temp.resolve("pid");
    Path stuck =
        script(
            "[ $4 = version ] && echo '{\"version\":\"0.9.0\"}' && exit; echo $$ >"
                + pid
                + ".part; mv "
                + pid
                + ".part "
                + pid
                + "; trap '' TERM; while :; do sleep 1; done");
    Cancellation cancellation = new Cancellation();
    Thread canceller =
        new Thread(
            () -> {
              while (!Files.exists(pid) && !Thread.currentThread().isInterrupted()) {
                Thread.onSpinWait();
              }
              cancellation.cancel();
            });
    canceller.start();
    try {
      BackupException failure = failure(backups.withCancellation(cancellation), stuck);
      assertThat(failure.kind()).isEqualTo(Kind.CANCELLED);
    } finally {
      canceller.interrupt();
      canceller.join();
    }
    long process = Long.parseLong(Files.readString(pid).strip());
    assertThat(ProcessHandle.of(process).filter(ProcessHandle::isAlive)).isEmpty();
  }

  private DrillReport drill() throws IOException {
    return backups.drill(FIRST, DrillRequest.STANDARD.withEngine(python, true));
  }

  private BackupException failure(Path engine) {
    return failure(backups, engine);
  }

  private static BackupException failure(Backups backups, Path engine) {
    return failureOf(() -> backups.drill(FIRST, DrillRequest.STANDARD.withEngine(engine, true)));
  }

  private static String error(String type, String errno, String text) {
    return "{\"error\": {\"types\": [\"%s\"], \"errno\": \"%s\", \"text\": \"%s\"}}"
        .formatted(type, errno, text);
  }

  /** Plays a Python with the arguments {@code -c LOADER SIZE COMMAND ...}. */
  private Path script(String does) throws IOException {
    Path file = Files.createTempFile(temp, "python", "");
    Files.writeString(file, "#!/bin/sh\n" + does + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    return file;
  }
}
