package dev.openmemory.backup.benchmarks.docker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The docker command line.
 *
 * @param engine its address, as DOCKER_HOST takes it
 */
record DockerCommand(String engine) {
  private static final int MINUTES = 30;

  String run(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("docker", "--host", engine));
    command.addAll(List.of(arguments));
    return execute(command);
  }

  static String execute(List<String> command) throws IOException, InterruptedException {
    // A file: a reader of a pipe would have no deadline.
    Path output = Files.createTempFile("openmemory-benchmark-", ".out");
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectOutput(output.toFile())
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      try {
        if (!process.waitFor(MINUTES, TimeUnit.MINUTES) || process.exitValue() != 0) {
          throw new IOException("failed: " + String.join(" ", command));
        }
      } finally {
        process.destroyForcibly();
      }
      return Files.readString(output).strip();
    } finally {
      Files.delete(output);
    }
  }
}
