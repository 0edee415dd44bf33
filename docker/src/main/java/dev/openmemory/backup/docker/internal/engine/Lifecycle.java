package dev.openmemory.backup.docker.internal.engine;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.NotModifiedException;
import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.internal.parallel.Uninterrupted;
import dev.openmemory.backup.internal.target.Waiter;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Freezes, stops and continues containers. Thread-safe. */
final class Lifecycle {
  private static final String PAUSE = "pause";
  private static final String RESUME = "resume";

  /** For an orderly end, before the engine kills: Qdrant may have much to write. */
  private static final int STOP_SECONDS = 60;

  private static final int ATTEMPTS = 4;
  private static final long WAIT_MILLIS = 250;
  private static final long SLICE_MILLIS = 50;

  private final DockerClient client;
  private final DockerFailure failure;
  private final Waiter waiter;

  Lifecycle(DockerClient client, DockerFailure failure, Waiter waiter) {
    this.client = client;
    this.failure = failure;
    this.waiter = waiter;
  }

  void pause(String container, Cancellation cancellation) throws IOException {
    String state = state(PAUSE, container);
    if (state.equals("paused")) {
      return;
    }
    if (!state.equals("running")) {
      throw Kind.UNSUPPORTED.failure(
          PAUSE, location(container), "cannot be frozen: it is " + state);
    }
    try {
      tryToPause(container, cancellation);
    } catch (BackupException e) {
      thaw(container, e);
      throw e;
    }
  }

  /** The engine may have done what it was asked for after we stopped listening. */
  private void thaw(String container, BackupException reason) {
    try {
      Uninterrupted.run(
          () -> {
            if (state(PAUSE, container).equals("paused")) {
              resume(container);
            }
          });
    } catch (IOException e) {
      reason.addSuppressed(e);
    }
  }

  private void tryToPause(String container, Cancellation cancellation) throws IOException {
    BackupException refusal = null;
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      if (refusal != null) {
        sleep(WAIT_MILLIS << attempt, cancellation);
      }
      cancellation.check();
      refusal = pauseOnce(container);
      if (refusal == null || state(PAUSE, container).equals("paused")) {
        return;
      }
    }
    String fact = refusal == null ? "" : refusal.fact();
    throw Kind.UNSUPPORTED.failure(
        PAUSE, location(container), "cannot be frozen: " + fact, refusal);
  }

  private @Nullable BackupException pauseOnce(String container) throws BackupException {
    try {
      failure.run(PAUSE, location(container), () -> client.pauseContainerCmd(container).exec());
      return null;
    } catch (BackupException e) {
      if (e.kind() == Kind.FAILED || e.kind() == Kind.LOCKED) {
        return e;
      }
      throw e;
    }
  }

  void stop(String container) throws IOException {
    failure.run(
        "stop",
        location(container),
        () -> {
          try {
            client.stopContainerCmd(container).withTimeout(STOP_SECONDS).exec();
          } catch (NotModifiedException e) {
            // It does not run, as it should be.
          }
        });
  }

  void resume(String container) throws IOException {
    BackupException refusal = null;
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      String state = state(RESUME, container);
      if (state.equals("running") || state.equals("restarting")) {
        return;
      }
      if (refusal != null) {
        ShortWait.of(WAIT_MILLIS, waiter);
      }
      refusal = resumeOnce(container, state);
      if (refusal == null) {
        return;
      }
    }
    throw refusal == null
        ? Kind.FAILED.failure(RESUME, location(container), "does not run")
        : refusal;
  }

  private @Nullable BackupException resumeOnce(String container, String state)
      throws BackupException {
    try {
      failure.run(
          RESUME,
          location(container),
          () -> {
            if (state.equals("paused")) {
              client.unpauseContainerCmd(container).exec();
            } else {
              start(container);
            }
          });
      return null;
    } catch (BackupException e) {
      if (e.kind() == Kind.FAILED || e.kind() == Kind.LOCKED) {
        return e;
      }
      throw e;
    }
  }

  private void start(String container) {
    try {
      client.startContainerCmd(container).exec();
    } catch (NotModifiedException e) {
      // Somebody else has started it.
    }
  }

  private String state(String operation, String container) throws BackupException {
    return failure.call(
        operation,
        location(container),
        () -> String.valueOf(client.inspectContainerCmd(container).exec().getState().getStatus()));
  }

  private void sleep(long millis, Cancellation cancellation) throws BackupException {
    for (long left = millis; left > 0; left -= SLICE_MILLIS) {
      cancellation.check();
      ShortWait.of(SLICE_MILLIS, waiter);
    }
  }

  private static String location(String container) {
    return "container " + container;
  }
}
