package dev.openmemory.backup.internal.file;

import java.io.IOException;

/**
 * Cleans up after a failure: runs to its end also on an interrupted thread, and never hides the
 * failure.
 */
public final class Undo {
  private Undo() {}

  /** What has to be done. */
  public interface Step {
    /** Does it. */
    void run() throws IOException;
  }

  /** Runs the step; what goes wrong is attached to the failure that led here. */
  public static void after(Throwable failure, Step step) {
    boolean interrupted = Thread.interrupted();
    try {
      step.run();
    } catch (IOException | RuntimeException e) {
      failure.addSuppressed(e);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
