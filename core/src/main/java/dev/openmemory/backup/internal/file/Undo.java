package dev.openmemory.backup.internal.file;

import dev.openmemory.backup.internal.parallel.Uninterrupted;
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
    try {
      Uninterrupted.run(step::run);
    } catch (IOException | RuntimeException e) {
      failure.addSuppressed(e);
    }
  }
}
