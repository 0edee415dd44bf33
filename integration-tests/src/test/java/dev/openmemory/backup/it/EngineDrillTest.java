package dev.openmemory.backup.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

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
import dev.openmemory.backup.testkit.qdrant.QdrantDouble;
import dev.openmemory.backup.verify.VerifyReport.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
  void aPythonWithoutTheEngineIsNoVerdict() throws Exception {
    sample = SampleInstallation.unpackSlimTo(temp.resolve("openmemory"));
    backups.create(sample.installation(), BackupRequest.named("first"));
    Path without = script("echo '{\"missing\":\"no module\"}'");
    DrillReport report = backups.drill(FIRST, DrillRequest.STANDARD.withEngine(without, false));
    assertThat(report.outcome()).isEqualTo(Outcome.PARTLY);
    assertThat(report.notBooted().orElseThrow()).contains("has no package qdrant-edge-py");
    assertThat(failure(DrillRequest.STANDARD.withEngine(without, true)).kind())
        .isEqualTo(Kind.UNSUPPORTED);
    assertThat(failure(DrillRequest.STANDARD.withEngine(temp.resolve("none"), true)).kind())
        .isEqualTo(Kind.NOT_FOUND);
  }

  @Test
  void anEngineThatStaysSilentOrIsKilledDoesNotProveAnything() throws Exception {
    sample = SampleInstallation.unpackSlimTo(temp.resolve("openmemory"));
    backups.create(sample.installation(), BackupRequest.named("first"));
    String version = "[ $2 = version ] && echo '{\"version\":\"0.9.0\"}' && exit; ";
    DrillRequest silent =
        DrillRequest.STANDARD
            .withEngine(script(version + "trap '' TERM; while :; do sleep 1; done"), true)
            .withPatience(Duration.ofMillis(200));
    assertThat(backups.drill(FIRST, silent).problems())
        .extracting(Problem::message)
        .singleElement()
        .asString()
        .contains("silent");

    DrillRequest killed = DrillRequest.STANDARD.withEngine(script(version + "kill -9 $$"), true);
    assertThat(failure(killed).kind()).isEqualTo(Kind.FAILED);

    DrillRequest broken =
        DrillRequest.STANDARD.withEngine(script(version + "echo 'no engine' >&2; exit 3"), true);
    assertThat(backups.drill(FIRST, broken).problems())
        .extracting(Problem::message)
        .singleElement()
        .asString()
        .contains("exit code 3")
        .contains("no engine");
  }

  @Test
  void cancellingEndsTheEngine() throws Exception {
    sample = SampleInstallation.unpackSlimTo(temp.resolve("openmemory"));
    backups.create(sample.installation(), BackupRequest.named("first"));
    Path pid = temp.resolve("pid");
    Path stuck =
        script(
            "[ $2 = version ] && echo '{\"version\":\"0.9.0\"}' && exit; echo $$ >"
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
      BackupException failure =
          catchThrowableOfType(
              BackupException.class,
              () ->
                  backups
                      .withCancellation(cancellation)
                      .drill(FIRST, DrillRequest.STANDARD.withEngine(stuck, true)));
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

  private BackupException failure(DrillRequest request) {
    return Objects.requireNonNull(
        catchThrowableOfType(BackupException.class, () -> backups.drill(FIRST, request)));
  }

  /** Plays a Python. It reads what it is sent, as a Python does. */
  private Path script(String does) throws IOException {
    Path file = Files.createTempFile(temp, "python", "");
    Files.writeString(file, "#!/bin/sh\ncat >/dev/null\n" + does + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    return file;
  }
}
