package dev.openmemory.backup.it.docker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.stream.Stream;

/**
 * The docker command line: the oracle that shares no code with the product. Everything that tests
 * make carries {@link #LABEL}, so that a later run can find it.
 */
final class Docker {
  static final String LABEL = "dev.openmemory.backup.test";

  private static final int PAUSE_ATTEMPTS = 5;

  /** Held for reading by each command, so that the last sweep can wait for those under way. */
  private static final ReadWriteLock COMMANDS = new ReentrantReadWriteLock();

  /** What a command printed on both its streams, and how it ended. */
  record Outcome(int exitCode, String output, String errors) {
    boolean isSuccess() {
      return exitCode == 0;
    }
  }

  private Docker() {}

  static boolean isReachable() {
    return hasProgram("docker") && attempt("info").isSuccess();
  }

  static boolean hasProgram(String name) {
    return Stream.of(System.getenv("PATH").split(":", -1))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, name)));
  }

  /** What the command prints, without the end of its last line. */
  static String run(String... arguments) {
    return run(List.of(arguments));
  }

  static String run(List<String> arguments) {
    return expectSuccess(withDocker(arguments));
  }

  static Outcome attempt(String... arguments) {
    return outcomeOf(withDocker(List.of(arguments)));
  }

  static String expectSuccess(List<String> command) {
    Outcome outcome = outcomeOf(command);
    if (!outcome.isSuccess()) {
      throw new AssertionError(
          String.join(" ", command) + ": " + outcome.exitCode() + "\n" + outcome.errors());
    }
    return outcome.output();
  }

  static String inspect(String container, String format) {
    return run("inspect", "--format", format, container);
  }

  /** All of them; one by one when that fails, because the others may be paused then. */
  static void pause(List<String> containers) {
    if (!outcomeOf(withDocker(command("pause", containers))).isSuccess()) {
      containers.stream()
          .filter(container -> !ContainerState.of(container).isPaused())
          .forEach(Docker::pause);
    }
  }

  static List<String> command(String first, List<String> rest) {
    return Stream.concat(Stream.of(first), rest.stream()).toList();
  }

  /** The engine refuses now and then to freeze a container that writes much. */
  static void pause(String container) {
    for (int i = 1; i < PAUSE_ATTEMPTS; i++) {
      if (attempt("pause", container).isSuccess()) {
        return;
      }
    }
    run("pause", container);
  }

  /** Removes all that carries the label, in whatever state it is. */
  static void sweep(String label) {
    String filter = "label=" + label;
    remove(List.of("rm", "--force", "--volumes"), "ps", "--all", "--quiet", "--filter", filter);
    remove(List.of("volume", "rm", "--force"), "volume", "ls", "--quiet", "--filter", filter);
    remove(List.of("network", "rm"), "network", "ls", "--quiet", "--filter", filter);
    remove(List.of("rmi", "--force"), "images", "--all", "--quiet", "--filter", filter);
  }

  /**
   * For a shutdown hook. Tests still run then, and what they made after the sweep would stay: the
   * lock is never given back.
   */
  static void sweepForTheLastTime(String label) {
    COMMANDS.writeLock().lock();
    sweep(label);
  }

  private static void remove(List<String> removal, String... listing) {
    List<String> found = run(listing).lines().distinct().toList();
    if (!found.isEmpty()) {
      run(Stream.concat(removal.stream(), found.stream()).toList());
    }
  }

  private static List<String> withDocker(List<String> arguments) {
    List<String> command = new ArrayList<>(List.of("docker"));
    command.addAll(arguments);
    return command;
  }

  static Outcome outcomeOf(List<String> command) {
    COMMANDS.readLock().lock();
    try {
      return execute(command);
    } finally {
      COMMANDS.readLock().unlock();
    }
  }

  /** Output goes to files: a reader of a pipe would have no deadline. */
  private static Outcome execute(List<String> command) {
    try {
      Path output = Files.createTempFile("docker", ".out");
      Path errors = Files.createTempFile("docker", ".err");
      try {
        Process process =
            new ProcessBuilder(command)
                .redirectOutput(output.toFile())
                .redirectError(errors.toFile())
                .start();
        int exitCode = exitCodeOf(process, command);
        return new Outcome(
            exitCode, Files.readString(output).stripTrailing(), Files.readString(errors));
      } finally {
        Files.delete(output);
        Files.delete(errors);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int exitCodeOf(Process process, List<String> command) {
    try {
      if (!process.waitFor(2, TimeUnit.MINUTES)) {
        throw new AssertionError(String.join(" ", command) + " did not end");
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(String.join(" ", command) + " was interrupted", e);
    } finally {
      process.destroyForcibly();
    }
  }
}
