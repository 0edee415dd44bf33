package dev.openmemory.backup.internal.parallel;

import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * For work that has to be done although its thread was or is being interrupted, which breaks
 * connections and channels.
 *
 * <p>To clear the flag is not enough: a second interrupt may follow, and in JDK 25, unlike 17, the
 * first one is seen before it has reached the channel of the thread, which by then may be that of
 * the work.
 */
public final class Uninterrupted {
  private Uninterrupted() {}

  /** Work that gives something. */
  public interface Call<T, E extends Exception> {
    T run() throws E;
  }

  /** Work that gives nothing. */
  public interface Work<E extends Exception> {
    void run() throws E;
  }

  /**
   * Does the work in a private thread and waits for its end. An interrupt before or meanwhile
   * leaves the flag set. The caller must not hold a lock that the work needs.
   */
  public static <T, E extends Exception> T call(Call<T, E> call) throws E {
    FutureTask<T> task = new FutureTask<>(call::run);
    new Thread(task, Thread.currentThread().getName() + "-uninterrupted").start();
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return task.get();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } catch (ExecutionException e) {
      throw Uninterrupted.<E>checked(e);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** As {@link #call}. */
  public static <E extends Exception> void run(Work<E> work) throws E {
    Uninterrupted.<Boolean, E>call(
        () -> {
          work.run();
          return true;
        });
  }

  /** What was thrown; it is an {@code E} or unchecked: the work can throw nothing else. */
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private static <E extends Exception> E checked(ExecutionException wrapper) {
    Throwable failure = Objects.requireNonNull(wrapper.getCause());
    if (failure instanceof RuntimeException unchecked) {
      throw unchecked;
    }
    if (failure instanceof Error error) {
      throw error;
    }
    return (E) failure;
  }
}
