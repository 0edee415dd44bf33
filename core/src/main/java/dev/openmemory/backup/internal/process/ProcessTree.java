package dev.openmemory.backup.internal.process;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** A process and the processes that the system knows as its descendants. */
public final class ProcessTree {
  private ProcessTree() {}

  /**
   * Kills the process and its descendants, also ones that are started meanwhile, and does not wait
   * for their end. Works in a thread that was interrupted. A process is not found if its parent had
   * ended before. If this process is killed meanwhile, none stays suspended.
   */
  public static void kill(ProcessHandle root) {
    Set<ProcessHandle> all = new LinkedHashSet<>();
    List<Suspension> suspended = new ArrayList<>();
    List<ProcessHandle> next = List.of(root);
    while (!next.isEmpty()) {
      all.addAll(next);
      // A suspended process starts no other, so its children are complete and keep their parent.
      Suspension.of(next).ifPresent(suspended::add);
      List<ProcessHandle> found = new ArrayList<>();
      next.forEach(p -> p.descendants().filter(all::add).forEach(found::add));
      next = found;
    }
    all.forEach(ProcessHandle::destroyForcibly);
    suspended.forEach(Suspension::close);
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
