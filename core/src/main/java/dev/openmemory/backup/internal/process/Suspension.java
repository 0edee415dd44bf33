package dev.openmemory.backup.internal.process;

import java.io.Closeable;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Processes that are suspended before they are killed. A shell keeps watch: when this process ends
 * before it has closed the suspension, the shell kills them.
 */
final class Suspension implements Closeable {
  private static final int SECONDS = 5;
  private static final long POLL_NANOS = 1_000_000;

  /** The end of this process closes the pipe that is read from, so no line comes. */
  private static final String SCRIPT = "kill -STOP \"$@\"; echo; read -r line || kill -KILL \"$@\"";

  private final Process shell;

  private Suspension(Process shell) {
    this.shell = shell;
  }

  /** Empty on a system without {@code sh}: nothing is suspended there. */
  static Optional<Suspension> of(Collection<ProcessHandle> processes) {
    List<String> command = new ArrayList<>(List.of("sh", "-c", SCRIPT, "sh"));
    processes.stream()
        .filter(ProcessHandle::isAlive)
        .forEach(process -> command.add(Long.toString(process.pid())));
    Process shell;
    try {
      shell = new ProcessBuilder(command).redirectError(Redirect.DISCARD).start();
    } catch (IOException e) {
      return Optional.empty();
    }
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
    while (!hasSignalled(shell) && System.nanoTime() < deadline) {
      LockSupport.parkNanos(POLL_NANOS);
    }
    for (ProcessHandle process : processes) {
      // The signal lets a fork that has begun come to its end.
      while (process.isAlive() && !isSuspended(process) && System.nanoTime() < deadline) {
        LockSupport.parkNanos(POLL_NANOS);
      }
    }
    return Optional.of(new Suspension(shell));
  }

  private static boolean hasSignalled(Process shell) {
    try {
      return !shell.isAlive() || shell.getInputStream().available() > 0;
    } catch (IOException e) {
      return true;
    }
  }

  /** Whether no thread of it runs; true where the system does not say. */
  private static boolean isSuspended(ProcessHandle process) {
    Path threads = Path.of("/proc", Long.toString(process.pid()), "task");
    try (DirectoryStream<Path> all = Files.newDirectoryStream(threads)) {
      for (Path thread : all) {
        String state = Files.readString(thread.resolve("stat"), StandardCharsets.ISO_8859_1);
        if ("TtZX".indexOf(state.charAt(state.lastIndexOf(')') + 2)) < 0) {
          return false;
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      return true;
    }
    return true;
  }

  /** What the system does when this process is killed. */
  void abandon() throws IOException {
    shell.getOutputStream().close();
  }

  /** To be called when they have been killed; the shell ends. */
  @Override
  public void close() {
    try {
      shell.getOutputStream().write('\n');
      shell.getOutputStream().close();
    } catch (IOException e) {
      // It has ended already.
      shell.destroyForcibly();
    }
  }
}
