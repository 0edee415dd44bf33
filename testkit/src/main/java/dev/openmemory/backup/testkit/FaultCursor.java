package dev.openmemory.backup.testkit;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.testkit.FaultPlan.Cut;
import dev.openmemory.backup.testkit.FaultPlan.Fail;
import dev.openmemory.backup.testkit.FaultPlan.Flip;
import dev.openmemory.backup.testkit.FaultPlan.Lose;
import dev.openmemory.backup.testkit.FaultPlan.Stall;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Locale;

/** The progress of one call, and the faults ahead of it. */
final class FaultCursor {
  private final String operation;
  private final String location;
  private final Deque<FaultPlan> ahead;
  private long position;
  private boolean cut;
  private boolean flip;
  private boolean lost;

  FaultCursor(FaultPlan.Verb verb, String location, List<FaultPlan> plans) {
    this.operation = verb.name().toLowerCase(Locale.ROOT);
    this.location = location;
    this.ahead =
        new ArrayDeque<>(
            plans.stream().sorted(Comparator.comparingLong(FaultPlan::position)).toList());
  }

  /** Makes the faults of this position happen. */
  void arrive() throws BackupException {
    while (!ahead.isEmpty() && ahead.getFirst().position() <= position) {
      FaultPlan plan = ahead.removeFirst();
      if (plan.take()) {
        fire(plan);
      }
    }
  }

  /** How many of these bytes may pass before the next fault; at least one. */
  int upToNext(int length) {
    if (flip) {
      return Math.min(length, 1);
    }
    return ahead.isEmpty()
        ? length
        : (int) Math.min(length, ahead.getFirst().position() - position);
  }

  boolean isCut() {
    return cut;
  }

  boolean isLost() {
    return lost;
  }

  /** Notes bytes on their way, spoiling them where planned. */
  void pass(byte[] bytes, int offset, int length) {
    if (flip && length > 0) {
      bytes[offset] ^= 0x10;
      flip = false;
    }
    position += length;
  }

  private void fire(FaultPlan plan) throws BackupException {
    FaultPlan.Effect effect = plan.effect();
    if (effect instanceof Fail fail) {
      throw fail.kind().failure(operation, location, "planned fault after " + position + " bytes");
    } else if (effect instanceof Stall stall) {
      await(stall);
    } else if (effect instanceof Cut) {
      cut = true;
    } else if (effect instanceof Flip) {
      flip = true;
    } else if (effect instanceof Lose) {
      lost = true;
    }
  }

  private void await(Stall stall) throws BackupException {
    try {
      stall.reached().countDown();
      stall.released().await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Kind.CANCELLED.failure(operation, location, "interrupted in a planned stall", e);
    }
  }
}
