package dev.openmemory.backup.internal.drill;

import dev.openmemory.backup.internal.process.ChildRecord;
import dev.openmemory.backup.internal.process.ProcessTree;
import dev.openmemory.backup.spi.RunContext;
import java.io.IOException;
import java.util.Set;

/**
 * A process that ends with the drill: when it is asked to, when this process ends, or by the next
 * run on this host when this process was killed.
 */
record ChildProcess(Process process, Thread hook) {
  /** The rest of the environment may hold secrets, and settings of another Qdrant. */
  private static final Set<String> INHERITED = Set.of("PATH", "LD_LIBRARY_PATH", "LANG", "HOME");

  /** For an orderly end; what it would write then is thrown away anyway. */
  private static final long GRACE_SECONDS = 2;

  private static final long KILL_SECONDS = 10;

  /** Takes from the environment what a child process does not need. */
  static void reduceEnvironment(ProcessBuilder builder) {
    builder.environment().keySet().retainAll(INHERITED);
  }

  /**
   * Starts it.
   *
   * @throws IOException when it cannot be started
   */
  static ChildProcess start(ProcessBuilder builder, RunContext context) throws IOException {
    Process started = builder.start();
    Thread killer =
        new Thread(() -> ProcessTree.kill(started.toHandle()), "end of process " + started.pid());
    Runtime.getRuntime().addShutdownHook(killer);
    ChildProcess child = new ChildProcess(started, killer);
    try {
      ChildRecord.write(context.scratch(), started.toHandle(), context.clock());
      return child;
    } catch (IOException e) {
      child.end();
      throw e;
    }
  }

  /** Ends it, also in a thread that was interrupted; says whether it has ended. */
  boolean end() {
    process.destroy();
    if (!hasEndedWithin(GRACE_SECONDS)) {
      ProcessTree.kill(process.toHandle());
    }
    boolean gone = hasEndedWithin(KILL_SECONDS);
    removeHook();
    return gone;
  }

  /** Waits, also in a thread that was interrupted. */
  boolean hasEndedWithin(long seconds) {
    return ProcessTree.hasEndedWithin(seconds, process);
  }

  private void removeHook() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // This process is ending, and the hook does the same.
      return;
    }
  }
}
