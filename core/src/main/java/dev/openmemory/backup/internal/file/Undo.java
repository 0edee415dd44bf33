package dev.openmemory.backup.internal.file;

import dev.openmemory.backup.internal.parallel.Uninterrupted;
import java.io.Closeable;
import java.io.IOException;

/**
 * Cleans up after a failure: runs to its end also on an interrupted thread, and never hides the
 * failure.
 */
public final class Undo {
  private Undo() {}

  public interface Step {
    void run() throws IOException;
  }

  /** What is done with something that has to be closed. */
  public interface Work<C, T> {
    T with(C made) throws IOException;
  }

  /** Works with what was made, and closes it when that fails; else the result keeps it open. */
  public static <C extends Closeable, T> T closingOnFailure(C made, Work<C, T> work)
      throws IOException {
    try {
      return work.with(made);
    } catch (IOException | RuntimeException | Error e) {
      after(e, made::close);
      throw e;
    }
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
