package dev.openmemory.backup.testkit.qdrant;

import dev.openmemory.backup.testkit.qdrant.DoubleFaults.Kind;
import java.time.Duration;
import java.util.Optional;

/**
 * How a double misbehaves. Patterns are regular expressions for the whole of a method and a path
 * with its query, as in {@code GET /collections/[^/]+/snapshots/.+}. Thread-safe.
 */
public abstract sealed class DoubleMisbehaviour permits QdrantDouble {
  private final DoubleFaults faults = new DoubleFaults();

  DoubleMisbehaviour() {}

  /** The next so many requests get that status, in the form that Qdrant has for it. */
  public void refuse(String pattern, int times, int status, String words) {
    boolean plain = status == 401;
    DoubleAnswer answer =
        plain ? DoubleAnswer.text(status, "", words) : DoubleAnswer.error(status, words);
    faults.add(Kind.ANSWER, pattern, times, 0, Duration.ZERO, Optional.of(answer), () -> {});
  }

  /** The next so many requests get a text that is no JSON. */
  public void refuseWithText(String pattern, int times, int status, String words) {
    DoubleAnswer answer = DoubleAnswer.plain(status, words);
    faults.add(Kind.ANSWER, pattern, times, 0, Duration.ZERO, Optional.of(answer), () -> {});
  }

  /** Something happens before the next request is answered. */
  public void before(String pattern, Runnable action) {
    faults.add(Kind.BEFORE, pattern, 1, 0, Duration.ZERO, Optional.empty(), action);
  }

  /** The next so many requests are done after some time, also if the client has disconnected. */
  public void delay(String pattern, int times, Duration duration) {
    faults.add(Kind.DELAY, pattern, times, 0, duration, Optional.empty(), () -> {});
  }

  /**
   * The connections of the next so many requests are closed when these have come in; the work is
   * done all the same, after some time.
   */
  public void lose(String pattern, int times, Duration workAfter) {
    faults.add(Kind.LOSE, pattern, times, 0, workAfter, Optional.empty(), () -> {});
  }

  /** The next so many downloads end after so many bytes, with the connection. */
  public void cut(String pattern, int times, long bytes) {
    faults.add(Kind.CUT, pattern, times, bytes, Duration.ZERO, Optional.empty(), () -> {});
  }

  /** The next so many downloads fall silent after so many bytes, and end after some time. */
  public void stall(String pattern, int times, long bytes, Duration silence) {
    faults.add(Kind.STALL, pattern, times, bytes, silence, Optional.empty(), () -> {});
  }

  /** A byte of the next so many downloads is wrong. */
  public void corrupt(String pattern, int times) {
    faults.add(Kind.CORRUPT, pattern, times, 0, Duration.ZERO, Optional.empty(), () -> {});
  }

  DoubleFaults faults() {
    return faults;
  }
}
