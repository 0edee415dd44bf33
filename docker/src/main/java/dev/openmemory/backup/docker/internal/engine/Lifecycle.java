package dev.openmemory.backup.docker.internal.engine;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.InspectContainerResponse.ContainerState;
import com.github.dockerjava.api.exception.NotModifiedException;
import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.internal.file.Undo;
import dev.openmemory.backup.internal.parallel.Uninterrupted;
import dev.openmemory.backup.internal.target.Waiter;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Freezes, stops and continues containers. Thread-safe. */
final class Lifecycle {
  private static final String PAUSE = "pause";
  private static final String RESUME = "resume";
  private static final String STOP = "stop";

  /** For an orderly end, before the engine kills. Databases survive a kill; waiting is downtime. */
  static final int STOP_SECONDS = 10;

  private static final long WAIT_MILLIS = 250;

  /** An engine has ended what it was asked to stop after that, whatever became of the request. */
  private static final long SETTLED_MILLIS = (STOP_SECONDS + 5) * 1000L;

  private static final int POLLS = (int) (SETTLED_MILLIS / WAIT_MILLIS);

  /** For a container that ends by itself soon after its start. */
  private static final int STEADY_POLLS = 12;

  private static final int ATTEMPTS = 4;
  private static final long SLICE_MILLIS = 50;

  private final DockerClient client;
  private final DockerFailure failure;
  private final Waiter waiter;

  /** Whether stops were asked for here and none of them may still take effect. */
  private boolean settled;

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
      throw unfreezable(container, "it is " + state, null);
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
      refusal = refusal(PAUSE, container, () -> client.pauseContainerCmd(container).exec());
      if (refusal == null || state(PAUSE, container).equals("paused")) {
        return;
      }
    }
    String fact = refusal == null ? "" : refusal.fact();
    throw unfreezable(container, fact, refusal);
  }

  private static BackupException unfreezable(
      String container, String fact, @Nullable BackupException cause) {
    return Kind.UNSUPPORTED.failure(PAUSE, location(container), "cannot be frozen: " + fact, cause);
  }

  /** Null when the engine did it; a failure that may be another one later. */
  private @Nullable BackupException refusal(
      String operation, String container, DockerFailure.Action request) throws BackupException {
    try {
      failure.run(operation, location(container), request);
      return null;
    } catch (BackupException e) {
      if (e.kind() == Kind.FAILED || e.kind() == Kind.LOCKED) {
        return e;
      }
      throw e;
    }
  }

  /** When the request fails or is cut off, it is waited for what the engine makes of it. */
  void stop(String container) throws IOException {
    settle(container, () -> requestStop(container));
  }

  /** As {@link #stop}, but what is paused runs no more. */
  void end(String container) throws IOException {
    settle(
        container,
        () -> {
          if (!kill(container)) {
            requestStop(container);
          }
        });
  }

  /** Whether it was paused and has ended; an engine that refuses that may still stop it. */
  private boolean kill(String container) throws IOException {
    if (!state(STOP, container).equals("paused")) {
      return false;
    }
    if (refusal(STOP, container, () -> client.killContainerCmd(container).exec()) != null) {
      return false;
    }
    return awaitEnd(container);
  }

  private void settle(String container, Undo.Step step) throws IOException {
    settled = false;
    try {
      step.run();
      settled = true;
    } catch (BackupException e) {
      Undo.after(
          e,
          () -> {
            awaitEnd(container);
            settled = true;
          });
      throw e;
    }
  }

  private void requestStop(String container) throws IOException {
    try {
      stopOnce(container);
    } catch (BackupException e) {
      // Podman stops no container that is paused; Docker resumes it by itself.
      boolean refused = e.kind() == Kind.FAILED || e.kind() == Kind.LOCKED;
      if (!refused || !state(STOP, container).equals("paused")) {
        throw e;
      }
      resume(container);
      stopOnce(container);
    }
  }

  private void stopOnce(String container) throws BackupException {
    failure.run(
        STOP,
        location(container),
        () -> {
          try {
            client.stopContainerCmd(container).withTimeout(STOP_SECONDS).exec();
          } catch (NotModifiedException e) {
            // It does not run, as it should be.
          }
        });
  }

  /** Whether it has ended; after that time a stop no longer takes effect. */
  private boolean awaitEnd(String container) throws IOException {
    boolean ended = hasEnded(container);
    for (int poll = 0; poll < POLLS && !ended; poll++) {
      ShortWait.of(WAIT_MILLIS, waiter);
      ended = hasEnded(container);
    }
    return ended;
  }

  private boolean hasEnded(String container) throws BackupException {
    try {
      return !exists(state(STOP, container));
    } catch (BackupException e) {
      e.throwIfCancelled();
      // An engine that does not answer may still be about to stop it.
      return e.kind() == Kind.NOT_FOUND;
    }
  }

  /** Whether the state is that of a process, frozen or not. */
  private static boolean exists(String state) {
    return runs(state) || state.equals("paused");
  }

  private static boolean runs(String state) {
    return state.equals("running") || state.equals("restarting");
  }

  /**
   * Returns when all have run on for some seconds, or for as long as a stop could take that another
   * process asked for. One that the engine starts anew has ended, too.
   */
  void keepRunning(List<Container> containers) throws IOException {
    Map<String, String> starts = new HashMap<>();
    int ends = 0;
    int enough = settled ? STEADY_POLLS : POLLS;
    int quiet = 0;
    while (quiet < enough) {
      ShortWait.of(WAIT_MILLIS, waiter);
      quiet++;
      for (Container container : containers) {
        if (hasEndedSince(starts, container.id())) {
          ends++;
          if (ends > ATTEMPTS * containers.size()) {
            throw endsAgain(container.name());
          }
          resume(container.id());
          quiet = 0;
        }
      }
    }
  }

  /** Whether its process started at another time than noted; notes the new time. */
  private boolean hasEndedSince(Map<String, String> starts, String container)
      throws BackupException {
    ContainerState now;
    try {
      now = inspect(RESUME, container);
    } catch (BackupException e) {
      if (e.kind() == Kind.NOT_FOUND) {
        return false;
      }
      throw e;
    }
    if (!"running".equals(now.getStatus())) {
      starts.remove(container);
      return true;
    }
    String start = String.valueOf(now.getStartedAt());
    return !start.equals(Objects.requireNonNullElse(starts.put(container, start), start));
  }

  private static BackupException endsAgain(String name) {
    String what = "ends again and again soon after its start; 'docker logs " + name + "' says why";
    return Kind.FAILED.failure(RESUME, location(name), what);
  }

  void resume(String container) throws IOException {
    BackupException refusal = null;
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      String state = state(RESUME, container);
      if (runs(state)) {
        return;
      }
      if (refusal != null) {
        ShortWait.of(WAIT_MILLIS, waiter);
      }
      refusal = refusal(RESUME, container, () -> resume(container, state));
      if (refusal == null) {
        return;
      }
    }
    throw refusal == null
        ? Kind.FAILED.failure(RESUME, location(container), "does not run")
        : refusal;
  }

  private void resume(String container, String state) {
    try {
      if (state.equals("paused")) {
        client.unpauseContainerCmd(container).exec();
      } else {
        client.startContainerCmd(container).exec();
      }
    } catch (NotModifiedException e) {
      // A user or another program has started it.
    }
  }

  private String state(String operation, String container) throws BackupException {
    return String.valueOf(inspect(operation, container).getStatus());
  }

  private ContainerState inspect(String operation, String container) throws BackupException {
    return failure.call(
        operation,
        location(container),
        () -> client.inspectContainerCmd(container).exec().getState());
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
