package dev.openmemory.backup.internal.archive;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** Programs of the system that archives have to get along with. */
public final class Commands {
  private Commands() {}

  public static boolean exist(String... names) {
    return Arrays.stream(names)
        .allMatch(
            name ->
                Arrays.stream(System.getenv("PATH").split(":", -1))
                    .anyMatch(folder -> Files.isExecutable(Path.of(folder, name))));
  }

  /** Runs a program that has to succeed and gives what it prints. */
  public static String run(Path directory, String... command)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true).start();
    try {
      process.getOutputStream().close();
      String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor()).as(printed).isZero();
      return printed;
    } finally {
      process.destroyForcibly();
    }
  }

  /** The bytes that a tree takes on the disk. */
  public static long allocated(Path tree) throws IOException, InterruptedException {
    return 1024 * Long.parseLong(run(tree, "du", "-sk", ".").split("\\s", 2)[0]);
  }
}
