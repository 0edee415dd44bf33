package dev.openmemory.backup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.testconditions.JavaCommand;
import dev.openmemory.backup.testconditions.Requires;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A real process that gets a real signal in the middle of its work. */
@Tag("services")
class TerminationTest extends SampleTest {
  /** Of zeros, so that it takes a while to read and no space to keep. */
  private static final long STORAGE_BYTES = 8L << 30;

  private static final int SIGINT = 2;
  private static final int CONTROL_C = 3;

  @Test
  void anInterruptedBackupLeavesNothingAndSays130() throws Exception {
    stopABackupWith("INT");
  }

  @Test
  void aTerminatedBackupLeavesNothingAndSays130() throws Exception {
    stopABackupWith("TERM");
  }

  @Test
  void anInterruptedCheckOfATargetLeavesNothingAndSays130() throws Exception {
    Path scratch = Files.createDirectories(temp.resolve("scratch"));
    Path target = Files.createDirectories(temp.resolve("target"));
    Process process =
        start(scratch, sample.here("target", "check", target.toString(), "--size", "64GiB"));
    String rest = interrupt(process, "INT", "Checking a large object");

    assertThat(process.exitValue()).as(rest).isEqualTo(130);
    assertThat(rest).doesNotContain("\tat ", "could not remove");
    assertThat(SampleHome.filesBelow(target)).isEmpty();
    assertThat(target).isEmptyDirectory();
  }

  @Test
  void aScheduleIsSeenByOtherProcessesUntilItIsStopped() throws Exception {
    Path scratch = Files.createDirectories(temp.resolve("scratch"));
    Process process =
        start(scratch, sample.onStorage("schedule", "run", "--cron=monthly", "--at-start"));
    try (BufferedReader err = process.errorReader(StandardCharsets.UTF_8)) {
      awaitLine(err, "The next backup begins at");
      CommandLineRun status = sample.run("schedule", "status");
      assertThat(status.exitCode()).as(status.text()).isZero();
      assertThat(sample.runOnStorage("schedule", "run", "--cron=monthly").exitCode()).isEqualTo(6);

      signal(process, "TERM");
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isZero();
      assertThat(sample.run("schedule", "status").out()).contains("no 'schedule run' is active");
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  /** The terminal shows again what is typed, because the process has ended in order. */
  @Test
  void anInterruptAtTheQuestionForAPassphraseLeavesTheTerminalAsItWas() throws Exception {
    Requires.that(Files.isExecutable(Path.of("/usr/bin/script")), "script");
    List<String> command =
        JavaCommand.of(
            Main.class,
            List.of("-Dopenmemory.stdin.tty=true"),
            (Object[]) sample.here("backup", "first", "--only", "config", "--with-passphrase"));
    Path commands =
        Files.writeString(
            temp.resolve("commands"),
            "trap : INT\n'" + String.join("' '", command) + "'\necho \"code $?\"\nstty -a\n");
    Process terminal =
        process(List.of("script", "-qec", "sh " + commands, "/dev/null"))
            .redirectErrorStream(true)
            .start();
    try (InputStream shown = terminal.getInputStream();
        OutputStream typed = terminal.getOutputStream()) {
      StringBuilder text = new StringBuilder();
      for (int c = shown.read(); c >= 0; c = shown.read()) {
        text.append((char) c);
        if (text.toString().endsWith("the new backup: ")) {
          typed.write(CONTROL_C);
          typed.flush();
        }
      }
      assertThat(text)
          .contains("stopped on request", "code 130")
          .containsPattern("\\secho\\s")
          .doesNotContain("-echo ");
    } finally {
      terminal.destroyForcibly().waitFor();
    }
    assertThat(sample.backups()).doesNotExist();
  }

  private void stopABackupWith(String signal) throws Exception {
    Path large = sample.storage().resolve("collections/openmemory/large.dat");
    try (RandomAccessFile file = new RandomAccessFile(large.toFile(), "rw")) {
      file.setLength(STORAGE_BYTES);
    }
    Path scratch = Files.createDirectories(temp.resolve("scratch"));
    Process process = start(scratch, sample.onStorage("backup", "first"));
    String rest = interrupt(process, signal, "Storing vectors");
    assertThat(process.exitValue()).as(rest).isEqualTo(130);
    assertThat(rest).contains("Nothing was changed").doesNotContain("\tat ");
    assertThat(sample.run("list", "--json").json().get("backups")).isEmpty();
    assertThat(sample.filesOfBackups()).isEmpty();
    assertThat(SampleHome.filesBelow(scratch)).isEmpty();
  }

  /** What the process says after the signal, which it gets when it has come to that line. */
  private static String interrupt(Process process, String signal, String at) throws Exception {
    try (BufferedReader err = process.errorReader(StandardCharsets.UTF_8)) {
      awaitLine(err, at);
      signal(process, signal);
      String rest = String.join("\n", err.lines().toList());
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      return rest;
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  private static void awaitLine(BufferedReader err, String part) throws IOException {
    String line = err.readLine();
    while (line != null && !line.contains(part)) {
      line = err.readLine();
    }
    assertThat(line).as("the process has come to: " + part).isNotNull();
  }

  private static void signal(Process process, String signal) throws Exception {
    new ProcessBuilder("kill", "-" + signal, String.valueOf(process.pid())).start().waitFor();
  }

  private static Process start(Path scratch, String... args) throws IOException {
    return process(
            JavaCommand.of(Main.class, List.of("-Djava.io.tmpdir=" + scratch), (Object[]) args))
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  private static ProcessBuilder process(List<String> wanted) throws IOException {
    List<String> command = new ArrayList<>();
    if (ignoresInterrupts()) {
      command.addAll(List.of("env", "--default-signal=INT"));
    }
    command.addAll(wanted);
    ProcessBuilder process = new ProcessBuilder(command);
    process.environment().put("DOCKER_HOST", CommandLineRun.NO_ENGINE);
    return process;
  }

  /**
   * A build that runs in the background of a shell ignores SIGINT, and its children inherit that.
   */
  private static boolean ignoresInterrupts() throws IOException {
    Path status = Path.of("/proc/self/status");
    if (!Files.exists(status)) {
      return false;
    }
    return Files.readAllLines(status).stream()
        .filter(line -> line.startsWith("SigIgn:"))
        .map(line -> Long.parseUnsignedLong(line.split("\\s+", 2)[1], 16))
        .anyMatch(ignored -> (ignored & (1L << (SIGINT - 1))) != 0);
  }
}
