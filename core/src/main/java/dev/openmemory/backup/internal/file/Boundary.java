package dev.openmemory.backup.internal.file;

import dev.openmemory.backup.BackupException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.InvalidPathException;
import java.util.Objects;

/** Lets no failure of input or output out of the library but a {@link BackupException}. */
public final class Boundary {
  private Boundary() {}

  /** What is done inside of the library. */
  public interface Call<T> {
    T run() throws IOException;
  }

  /** The same without a result. */
  public interface Step {
    void run() throws IOException;
  }

  /**
   * Makes the call.
   *
   * @param place without secrets
   * @throws BackupException as it came, or with the operation and the place where another failure
   *     came
   */
  public static <T> T call(String operation, String place, Call<T> call) throws BackupException {
    try {
      return call.run();
    } catch (IOException e) {
      throw FileFailure.of(operation, place, e);
    } catch (UncheckedIOException e) {
      BackupException failure =
          FileFailure.of(operation, place, Objects.requireNonNull(e.getCause()));
      for (Throwable suppressed : e.getSuppressed()) {
        failure.addSuppressed(suppressed);
      }
      throw failure;
    } catch (InvalidPathException e) {
      throw FileFailure.ofName(operation, place, e.getInput(), e);
    }
  }

  /** Takes the step, as {@link #call}. */
  public static void step(String operation, String place, Step step) throws BackupException {
    call(
        operation,
        place,
        () -> {
          step.run();
          return place;
        });
  }
}
