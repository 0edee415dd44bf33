package dev.openmemory.backup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.testconditions.JavaCommand;
import dev.openmemory.backup.testconditions.Seeds;
import java.io.BufferedReader;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real processes with a small heap, connected as a shell would. */
@Tag("services")
class ArchivePipeTest extends SampleTest {
  private Path there;

  @BeforeEach
  void backUp() {
    sample.backUp("first");
    there = temp.resolve("there");
  }

  @Test
  void anImportThatWaitsForMoreEndsOnASignalAndLeavesNothing() throws Exception {
    Process waiting = startAndStall();
    try (BufferedReader err = waiting.errorReader(StandardCharsets.UTF_8)) {
      // Its input stays open: to destroy it would close that, too.
      new ProcessBuilder("kill", "-TERM", String.valueOf(waiting.pid())).start().waitFor();
      assertThat(waiting.waitFor(20, TimeUnit.SECONDS)).isTrue();
      assertThat(waiting.exitValue()).as(String.join("\n", err.lines().toList())).isEqualTo(130);
    } finally {
      waiting.destroyForcibly().waitFor();
    }
    assertThat(SampleHome.filesBelow(there)).isEmpty();
  }

  @Test
  void whatAKilledImportLeftIsNotListedAndGoesWithTheNext() throws Exception {
    Process waiting = startAndStall();
    waiting.destroyForcibly().waitFor();
    assertThat(SampleHome.filesBelow(there)).isNotEmpty();
    CommandLineRun list = CommandLineRun.of("list", "--target", there.toString(), "--json");
    assertThat(list.json().get("backups")).isEmpty();
    Path file = temp.resolve("a.tar.gz");
    assertThat(sample.run("export", "first", file.toString()).exitCode()).isZero();
    CommandLineRun next =
        CommandLineRun.of("import", file.toString(), "--as", "next", "--target", there.toString());
    assertThat(next.exitCode()).as(next.text()).isZero();
    assertThat(there.resolve("first")).doesNotExist();
    assertThat(there.resolve("next/manifest.json")).exists();
  }

  @ParameterizedTest
  @ValueSource(strings = {"tar.gz", "tar.zst"})
  void aHeapOf64MiBIsEnoughForBackupsThatAreLarger(String format) throws Exception {
    byte[] noise = new byte[1 << 20];
    Random random = Seeds.random();
    try (OutputStream big = Files.newOutputStream(sample.storage().resolve("big.dat"))) {
      for (int i = 0; i < 70; i++) {
        random.nextBytes(noise);
        big.write(noise);
      }
    }
    sample.backUp("large");
    Path file = temp.resolve("large." + format);
    run(command(sample.here("export", "large", file.toString())));
    assertThat(file).isRegularFile();
    run(command("import", file.toString(), "--target", there.toString()));
    CommandLineRun verified = CommandLineRun.of("verify", "large", "--target", there.toString());
    assertThat(verified.exitCode()).as(verified.text()).isZero();
  }

  /** Two thirds of the archive are sent, and the name is claimed. */
  private Process startAndStall() throws Exception {
    Path file = temp.resolve("half.tar");
    assertThat(sample.run("export", "first", file.toString()).exitCode()).isZero();
    byte[] whole = Files.readAllBytes(file);
    Process process = command("import", "-", "--target", there.toString()).start();
    OutputStream in = process.getOutputStream();
    in.write(whole, 0, whole.length * 2 / 3);
    in.flush();
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!Files.exists(there.resolve("first/in-progress.json"))) {
      assertThat(process.isAlive()).isTrue();
      assertThat(System.nanoTime()).isLessThan(deadline);
      Thread.sleep(20);
    }
    return process;
  }

  private static void run(ProcessBuilder command) throws Exception {
    Process process = command.redirectOutput(Redirect.DISCARD).start();
    try (BufferedReader err = process.errorReader(StandardCharsets.UTF_8)) {
      String text = String.join("\n", err.lines().toList());
      assertThat(process.waitFor()).as(text).isZero();
    }
  }

  private static ProcessBuilder command(String... args) {
    ProcessBuilder process =
        new ProcessBuilder(JavaCommand.of(Main.class, List.of("-Xmx64m"), (Object[]) args));
    process.environment().put("DOCKER_HOST", CommandLineRun.NO_ENGINE);
    return process;
  }
}
