package dev.openmemory.backup.cli;

import dev.openmemory.backup.testconditions.JavaCommand;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The command line in a process of its own, for what a process is started with. */
final class OwnProcess {
  private static final long MOST_SECONDS = 120;

  private final List<String> command;
  private final ProcessBuilder process;

  /** With these options of the JVM. */
  OwnProcess(String... jvmOptions) {
    command = JavaCommand.of(Main.class, List.of(jvmOptions));
    process = new ProcessBuilder(command);
    process.environment().put("DOCKER_HOST", CommandLineRun.NO_ENGINE);
  }

  OwnProcess with(Map<String, String> environment) {
    process.environment().putAll(environment);
    return this;
  }

  OwnProcess in(Path folder) {
    process.directory(folder.toFile());
    return this;
  }

  /** By a program that is given the command line, such as {@code setpriv}. */
  OwnProcess by(String... program) {
    command.addAll(0, List.of(program));
    return this;
  }

  CommandLineRun run(String... args) throws IOException, InterruptedException {
    List<String> whole = new ArrayList<>(command);
    whole.addAll(List.of(args));
    File err = Files.createTempFile("err", ".txt").toFile();
    Process running = process.command(whole).redirectError(err).start();
    try {
      String out = new String(running.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!running.waitFor(MOST_SECONDS, TimeUnit.SECONDS)) {
        throw new AssertionError("still running: " + whole);
      }
      return new CommandLineRun(running.exitValue(), out, Files.readString(err.toPath()));
    } finally {
      running.destroyForcibly();
      Files.delete(err.toPath());
    }
  }
}
