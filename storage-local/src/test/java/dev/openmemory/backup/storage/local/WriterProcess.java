package dev.openmemory.backup.storage.local;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.ObjectName;
import dev.openmemory.backup.spi.WriteOptions;
import dev.openmemory.backup.testconditions.JavaCommand;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A JVM of its own that writes to a local target and does so on command. */
final class WriterProcess implements AutoCloseable {
  private final Process process;
  private final BufferedReader answers;

  private WriterProcess(Process process) {
    this.process = process;
    this.answers =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  /** Starts one that says {@code ready} and goes on when it is told to. */
  static WriterProcess start(String mode, Path root, String... arguments) throws IOException {
    List<String> command =
        JavaCommand.of(
            WriterProcess.class, List.of("-Xshare:auto", "-XX:TieredStopAtLevel=1"), mode, root);
    command.addAll(Arrays.asList(arguments));
    return new WriterProcess(
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
  }

  void awaitReady() throws IOException {
    String answer = answers.readLine();
    if (!"ready".equals(answer)) {
      throw new AssertionError("the child said " + answer);
    }
  }

  long pid() {
    return process.pid();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  void goOn() throws IOException {
    process.getOutputStream().write('\n');
    process.getOutputStream().flush();
  }

  /** What it says until its end, without the {@code ready}. */
  List<String> awaitEnd() throws Exception {
    List<String> lines = answers.lines().toList();
    if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
      throw new AssertionError("the child failed after " + lines);
    }
    return lines;
  }

  /** Ends it as {@code kill -9} does. */
  void kill() {
    process.destroyForcibly().onExit().join();
  }

  @Override
  public void close() {
    kill();
  }

  /** The child. */
  @SuppressWarnings("SystemOut")
  public static void main(String[] arguments) throws Exception {
    Path root = Path.of(arguments[1]);
    switch (arguments[0]) {
      case "write" -> writeInTwoHalves(root, arguments[2]);
      case "race" -> race(root, arguments[2], Integer.parseInt(arguments[3]));
      case "move" -> moveRace(root, arguments[2], Integer.parseInt(arguments[3]));
      default -> throw new IllegalArgumentException(arguments[0]);
    }
  }

  private static void writeInTwoHalves(Path root, String name) throws IOException {
    try (LocalBackupTarget target = new LocalBackupTarget(root)) {
      target.write(
          new ObjectName(name),
          out -> {
            out.write(new byte[LocalBackupTarget.BUFFER_BYTES + 1]);
            // A sweep of the writer's own process must not cost it its lock.
            target.sweepLeftovers();
            sayReadyAndWait();
            out.write(new byte[LocalBackupTarget.BUFFER_BYTES + 1]);
          },
          WriteOptions.CREATE_ONLY);
    }
  }

  private static void race(Path root, String self, int rounds) throws IOException {
    try (LocalBackupTarget target = new LocalBackupTarget(root)) {
      sayReadyAndWait();
      for (int round = 0; round < rounds; round++) {
        String name = "race/" + round;
        try {
          target.write(
              new ObjectName(name),
              out -> out.write(self.getBytes(StandardCharsets.UTF_8)),
              WriteOptions.CREATE_ONLY);
          System.out.println(name);
        } catch (BackupException e) {
          if (e.kind() != BackupException.Kind.ALREADY_EXISTS) {
            throw e;
          }
        }
      }
    }
  }

  private static void moveRace(Path root, String self, int rounds) throws IOException {
    sayReadyAndWait();
    for (int round = 0; round < rounds; round++) {
      Path from = Files.writeString(root.resolve("." + self + round), self);
      try {
        Path to = root.resolve("race-" + round);
        LockedMove.moveNew(root, to, () -> Files.move(from, to, StandardCopyOption.ATOMIC_MOVE));
        System.out.println("race-" + round);
      } catch (FileAlreadyExistsException e) {
        Files.delete(from);
      }
    }
  }

  private static void sayReadyAndWait() {
    System.out.println("ready");
    try {
      if (System.in.read() < 0) {
        throw new IllegalStateException("the parent has ended");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
