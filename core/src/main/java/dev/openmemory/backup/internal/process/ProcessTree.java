package dev.openmemory.backup.internal.process;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A process and the processes that the system knows as its descendants. */
public final class ProcessTree {
  private static final int SUSPEND_SECONDS = 5;
  private static final long POLL_NANOS = 1_000_000;

  private ProcessTree() {}

  /**
   * Kills them all, also the ones that they start meanwhile, and does not wait for their end. Works
   * in a thread that was interrupted. A process whose parent had ended before is not found.
   */
  public static void kill(ProcessHandle root) {
    Set<ProcessHandle> all = new LinkedHashSet<>();
    List<ProcessHandle> next = List.of(root);
    while (!next.isEmpty()) {
      all.addAll(next);
      // A suspended process starts no other, so its children are complete and keep their parent.
      suspend(next);
      List<ProcessHandle> found = new ArrayList<>();
      next.forEach(p -> p.descendants().filter(all::add).forEach(found::add));
      next = found;
    }
    all.forEach(ProcessHandle::destroyForcibly);
  }

  private static void suspend(List<ProcessHandle> processes) {
    List<String> command = new ArrayList<>(List.of("sh", "-c", "kill -STOP \"$@\"", "sh"));
    processes.stream()
        .filter(ProcessHandle::isAlive)
        .forEach(process -> command.add(Long.toString(process.pid())));
    try {
      Process signal =
          new ProcessBuilder(command)
              .redirectOutput(Redirect.DISCARD)
              .redirectError(Redirect.DISCARD)
              .start();
      hasEndedWithin(SUSPEND_SECONDS, signal);
    } catch (IOException e) {
      // A system without sh: the processes are killed without it, parents first.
      return;
    }
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SUSPEND_SECONDS);
    for (ProcessHandle process : processes) {
      // The signal lets a fork that has begun come to its end.
      while (process.isAlive() && !isSuspended(process) && System.nanoTime() < deadline) {
        LockSupport.parkNanos(POLL_NANOS);
      }
    }
  }

  /** Whether no thread of it runs; true where the system does not tell. */
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

  /** Waits, also in a thread that was interrupted; says whether the process has ended. */
  public static boolean hasEndedWithin(long seconds, Process process) {
    boolean interrupted = Thread.interrupted();
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    try {
      while (true) {
        try {
          return process.waitFor(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
