package dev.openmemory.backup.docker.internal.engine;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A container that ignores SIGTERM, so that a stop takes effect when its time is over, whether the
 * client still waits for it or not. The time is that which clients of the double wait.
 */
public final class StubbornContainer {
  private static final Duration GRACE = Duration.ofSeconds(10);

  /** What becomes of a request that the engine has taken. */
  public enum Fault {
    NONE,
    ERROR,
    CUT_OFF,
    INTERRUPTED
  }

  private final EngineDouble engine;
  private final String path;
  private String state = "running";
  private boolean removedAtEnd;
  private @Nullable Duration due;
  private Duration life = Duration.ZERO;
  private int lives;
  private int starts;
  private boolean startedAgain;
  private @Nullable Duration hidden;
  private String faultyCall = "";
  private Fault fault = Fault.NONE;
  private Runnable interrupt = () -> {};

  private StubbornContainer(EngineDouble engine, String path) {
    this.engine = engine;
    this.path = path;
  }

  /** Adds one that runs. */
  public static StubbornContainer in(EngineDouble engine, String name) {
    StubbornContainer made = new StubbornContainer(engine, "/containers/" + name);
    engine.answer("GET " + made.path + "/json", out -> made.inspect(name, out));
    for (String call : new String[] {"pause", "unpause", "stop", "kill", "start"}) {
      engine.handle(
          "POST " + made.path + "/" + call,
          (request, out) -> made.call(call, request.query(), out));
    }
    return made;
  }

  /** As with {@code --rm}. */
  public void removeAtEnd() {
    removedAtEnd = true;
  }

  /**
   * From the next start on it ends by itself that many times, each time after so long.
   *
   * @param startedAgain whether the engine then starts it again, as its restart policy says
   */
  public synchronized void endBy(Duration after, int times, boolean startedAgain) {
    this.life = after;
    this.lives = times;
    this.startedAgain = startedAgain;
  }

  /** From that time on the engine fails to say how it is. */
  public synchronized void hideAfter(Duration time) {
    hidden = time;
  }

  /** The next call of that name is done and answered so; an interrupt is what the action does. */
  public synchronized void fail(String call, Fault how, Runnable action) {
    faultyCall = call;
    fault = how;
    interrupt = action;
  }

  /** Its state after that time. */
  public synchronized String stateAfter(Duration time) {
    engine.letWait(time);
    return state();
  }

  /** Does what the engine does for the call, without an answer to anybody. */
  public synchronized void take(String call) {
    if (call.equals("kill")) {
      state = "exited";
    } else if (call.equals("stop")) {
      state = "running";
      due = engine.waited().plus(GRACE);
    } else if (call.equals("start")) {
      begin(engine.waited());
    } else {
      state = call.equals("pause") ? "paused" : "running";
    }
  }

  private void begin(Duration now) {
    state = "running";
    starts++;
    due = lives > 0 ? now.plus(life) : null;
    lives--;
  }

  private synchronized String state() {
    for (Duration end = due; end != null && engine.waited().compareTo(end) >= 0; end = due) {
      state = "exited";
      due = null;
      if (startedAgain) {
        begin(end);
      }
    }
    return state;
  }

  private synchronized void inspect(String name, OutputStream out) throws IOException {
    if (hidden != null && engine.waited().compareTo(hidden) >= 0) {
      EngineDouble.json(500, "{\"message\":\"broken\"}").write(out);
      return;
    }
    EngineDouble.json(
            200,
            "{'Id':'%s','Name':'/%s','Config':{},'State':{'Status':'%s','StartedAt':'%d'},'HostConfig':{'AutoRemove':%s}}"
                .formatted(name, name, state(), starts, removedAtEnd)
                .replace('\'', '"'))
        .write(out);
  }

  private void call(String call, String query, OutputStream out) throws IOException {
    Fault now;
    synchronized (this) {
      now = call.equals(faultyCall) ? fault : Fault.NONE;
      faultyCall = now == Fault.NONE ? faultyCall : "";
      take(call);
      if (call.equals("stop") && !query.contains("t=" + GRACE.toSeconds())) {
        throw new IOException("a stop without its time: " + query);
      }
    }
    switch (now) {
      case NONE -> {
        if (call.equals("stop")) {
          stateAfter(GRACE);
        }
        EngineDouble.json(204, "").write(out);
      }
      case ERROR -> EngineDouble.json(500, "{\"message\":\"broken\"}").write(out);
      case CUT_OFF -> {
        // The connection ends without an answer.
      }
      case INTERRUPTED -> hang();
    }
  }

  private void hang() {
    interrupt.run();
    try {
      boolean ended = new CountDownLatch(1).await(30, TimeUnit.SECONDS);
      throw new IllegalStateException("this has no end: " + ended);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
