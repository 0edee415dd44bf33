package dev.openmemory.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.drill.DrillReport;
import dev.openmemory.backup.drill.DrillReport.Outcome;
import dev.openmemory.backup.drill.DrillRequest;
import dev.openmemory.backup.sample.DrillSample;
import dev.openmemory.backup.sample.TrialProgram;
import dev.openmemory.backup.testkit.InMemoryBackupTarget;
import dev.openmemory.backup.verify.VerifyReport.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A program of Qdrant is a real process: what it is given, and that it ends. */
@Tag("services")
@Timeout(180)
class DrillProgramTest {
  private static final BackupName FIRST = new BackupName("first");

  @TempDir Path temp;
  private Backups backups;

  @BeforeEach
  void make() throws Exception {
    backups = Backups.in(new InMemoryBackupTarget()).withScratch(scratch());
    DrillSample.in(temp.resolve("openmemory")).backUp(backups, "first");
  }

  @AfterEach
  void nothingIsLeft() throws IOException {
    TrialProgram program = new TrialProgram(temp.resolve("bin/qdrant"));
    boolean gone = program.isGone();
    program.end();
    assertThat(gone).as("the process has ended").isTrue();
    assertThat(scratch()).isEmptyDirectory();
  }

  @Test
  void itProvesTheBackupAndGetsNothingButWhatItNeeds() throws Exception {
    TrialProgram program = TrialProgram.serving(temp.resolve("bin"));

    DrillReport report = backups.drill(FIRST, DrillRequest.STANDARD.withBinary(program.file()));

    assertThat(report.outcome()).isEqualTo(Outcome.PROVEN);

    String scratch = scratch().toRealPath().toString();
    assertThat(program.environment().lines())
        .contains("QDRANT__TELEMETRY_DISABLED=true", "QDRANT__SERVICE__HOST=127.0.0.1")
        .noneMatch(line -> line.endsWith("_PORT=6333") || line.endsWith("_PORT=6334"))
        .filteredOn(line -> line.startsWith("QDRANT__STORAGE__") || line.startsWith("TMPDIR"))
        .hasSize(4)
        .allMatch(line -> line.contains("=" + scratch));
    assertThat(program.environment().lines())
        .map(line -> line.replaceFirst("=.*", ""))
        .allMatch(
            name ->
                name.matches(
                    "QDRANT__.*|TMPDIR|PATH|LD_LIBRARY_PATH|LANG|HOME|PWD|SHLVL|_|OLDPWD"));
  }

  @Test
  void aProgramThatNeverServesIsGivenUpAndEnded() throws Exception {
    TrialProgram program = TrialProgram.deaf(temp.resolve("bin"));

    DrillReport report =
        backups.drill(
            FIRST,
            DrillRequest.STANDARD.withBinary(program.file()).withPatience(Duration.ofSeconds(1)));

    assertThat(report.outcome()).isEqualTo(Outcome.FAILED);
    assertThat(report.problems())
        .extracting(Problem::message)
        .containsExactly("program qdrant did not serve within 1 s; it said: loading for ever");
  }

  @Test
  void anInterruptEndsTheProgramAndRemovesWhatWasRestored() throws Exception {
    TrialProgram deaf = TrialProgram.deaf(temp.resolve("bin"));
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
  }

  private Path scratch() throws IOException {
    return Files.createDirectories(temp.resolve("scratch"));
  }
}
