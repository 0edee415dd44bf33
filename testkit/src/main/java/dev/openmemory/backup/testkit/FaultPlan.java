package dev.openmemory.backup.testkit;

import dev.openmemory.backup.BackupException.Kind;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One fault that a {@link FaultyBackupTarget} shall make, such as {@code
 * FaultPlan.on(Verb.WRITE).afterBytes(100).fail(Kind.UNAVAILABLE).times(2)}. Fires once unless told
 * otherwise. Thread-safe.
 */
public final class FaultPlan {
  /** The calls of a target that can be disturbed. */
  public enum Verb {
    WRITE,
    READ,
    STAT,
    LIST,
    DELETE
  }

  sealed interface Effect {}

  record Fail(Kind kind) implements Effect {}

  record Stall(CountDownLatch reached, CountDownLatch released) implements Effect {}

  record Cut() implements Effect {}

  record Flip() implements Effect {}

  record Lose() implements Effect {}

  private final When when;
  private final Effect effect;
  private final AtomicInteger left = new AtomicInteger(1);

  private FaultPlan(When when, Effect effect) {
    this.when = when;
    this.effect = effect;
  }

  /** Begins a plan for the calls of that verb. */
  public static When on(Verb verb) {
    return new When(verb, 0, "");
  }

  /** Fires that many times, once a call, instead of once. */
  public FaultPlan times(int count) {
    left.set(count);
    return this;
  }

  /** Ends a stall, also one that is yet to come. */
  public void release() {
    stall().released.countDown();
  }

  /** Returns as soon as a call stalls; fails when none does in that time. */
  public void awaitStalled(Duration atMost) throws InterruptedException {
    if (!stall().reached.await(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new AssertionError("nothing stalled within " + atMost + " by " + this);
    }
  }

  private Stall stall() {
    if (effect instanceof Stall stall) {
      return stall;
    }
    throw new IllegalStateException("does not stall: " + this);
  }

  boolean concerns(Verb verb, String name) {
    return when.verb == verb && name.endsWith(when.nameEnd) && left.get() > 0;
  }

  long position() {
    return when.bytes;
  }

  Effect effect() {
    return effect;
  }

  /** Uses the plan up by one; false when others have used it up meanwhile. */
  boolean take() {
    return left.getAndUpdate(n -> Math.max(n - 1, 0)) > 0;
  }

  int left() {
    return left.get();
  }

  @Override
  public String toString() {
    return when + " " + effect + ", " + left + " times left";
  }

  /** When a fault happens, on the way to a plan. */
  public record When(Verb verb, long bytes, String nameEnd) {
    /** Only after that many bytes of one call have passed; only for WRITE and READ. */
    public When afterBytes(long count) {
      requireStream();
      return new When(verb, count, nameEnd);
    }

    /** Only for objects, or lists of prefixes, with names that end so. */
    public When named(String end) {
      return new When(verb, bytes, end);
    }

    /** The call fails. */
    public FaultPlan fail(Kind kind) {
      return new FaultPlan(this, new Fail(kind));
    }

    /** The call blocks until {@link FaultPlan#release} or an interrupt. */
    public FaultPlan stall() {
      return new FaultPlan(this, new Stall(new CountDownLatch(1), new CountDownLatch(1)));
    }

    /** The stream ends too early, without an error; only for READ. */
    public FaultPlan cut() {
      if (verb != Verb.READ) {
        throw new IllegalArgumentException("only a READ can be cut");
      }
      return new FaultPlan(this, new Cut());
    }

    /** The call ends as if all were stored, and nothing is; only for WRITE. */
    public FaultPlan lose() {
      if (verb != Verb.WRITE) {
        throw new IllegalArgumentException("only a WRITE can be lost");
      }
      return new FaultPlan(this, new Lose());
    }

    /** The next byte has one bit wrong; only for WRITE and READ. */
    public FaultPlan flipBit() {
      requireStream();
      return new FaultPlan(this, new Flip());
    }

    private void requireStream() {
      if (verb != Verb.READ && verb != Verb.WRITE) {
        throw new IllegalArgumentException(verb + " moves no bytes");
      }
    }
  }
}
