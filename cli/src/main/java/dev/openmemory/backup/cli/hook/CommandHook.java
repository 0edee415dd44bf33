package dev.openmemory.backup.cli.hook;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.cli.advice.HookAdvice;
import dev.openmemory.backup.internal.process.ProcessTree;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A command of the settings that {@code sh} runs beside a run of ours. It reads nothing, and all
 * that it prints goes to the standard error of this process.
 *
 * @param operation for messages: {@link HookAdvice#BEFORE} or {@link #AFTER}
 * @param command in the language of {@code sh}
 * @param origin where it was set
 */
public record CommandHook(String operation, String command, String origin) {
  public static final String AFTER = "hook-after";

  /** Waits for the end of a process. */
  public interface ProcessWait {
    ProcessWait REAL =
        (process, timeout) -> process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS);

    /** Returns whether it ended in time. */
    boolean await(Process process, Duration timeout) throws InterruptedException;
  }

  /**
   * Runs it and waits for its end.
   *
   * @param folder the current folder of the command
   * @param environment all of its environment
   * @throws BackupException of kind {@code FAILED} when it cannot be started or does not end with
   *     0; {@code TIMEOUT} and {@code CANCELLED} (with the interrupt flag set) after it and all
   *     that it started were killed
   */
  public void run(Path folder, Map<String, String> environment, Duration timeout)
      throws BackupException {
    run(folder, environment, timeout, ProcessWait.REAL);
  }

  public void run(Path folder, Map<String, String> environment, Duration timeout, ProcessWait wait)
      throws BackupException {
    Process process = start(folder, environment);
    try {
      if (!wait.await(process, timeout)) {
        ProcessTree.kill(process.toHandle());
        throw failure(
            Kind.TIMEOUT, "did not end within " + timeout.toSeconds() + " s and was killed");
      }
    } catch (InterruptedException e) {
      ProcessTree.kill(process.toHandle());
      Thread.currentThread().interrupt();
      throw Kind.CANCELLED.failure(operation, origin, "stopped on request", e);
    }
    if (process.exitValue() != 0) {
      throw failure(Kind.FAILED, "ended with exit code " + process.exitValue());
    }
  }

  private Process start(Path folder, Map<String, String> environment) throws BackupException {
    ProcessBuilder builder =
        new ProcessBuilder("sh", "-c", "exec sh -c \"$1\" >&2", "sh", command)
            .directory(folder.toFile())
            .redirectInput(Redirect.from(new File("/dev/null")))
            .redirectOutput(Redirect.INHERIT)
            .redirectError(Redirect.INHERIT);
    builder.environment().clear();
    builder.environment().putAll(environment);
    try {
      return builder.start();
    } catch (IOException e) {
      throw Kind.FAILED.failure(operation, origin, "sh cannot be started", e);
    }
  }

  private BackupException failure(Kind kind, String fact) {
    return kind.failure(operation, origin, fact);
  }

  /** Without the command, which may hold what is not for a log. */
  @Override
  public String toString() {
    return operation + " of " + origin;
  }
}
