package dev.openmemory.backup.internal.crosscheck;

import dev.openmemory.backup.verify.CrossCheck.Difference;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.function.Supplier;

/** Counts ids, and keeps the ten that are first by their order, however they come. */
final class FirstIds {
  private static final int MOST = 10;

  private final PriorityQueue<Named> first =
      new PriorityQueue<>(Comparator.comparingLong(Named::order).reversed());
  private long count;

  private record Named(long order, String id) {}

  /** Counts an id; makes its text only when it is kept. */
  void add(long order, Supplier<String> id) {
    count++;
    if (first.size() == MOST && first.element().order() > order) {
      first.remove();
    }
    if (first.size() < MOST) {
      first.add(new Named(order, id.get()));
    }
  }

  /** Counts ids that need no name. */
  void add(long unnamed) {
    count += unnamed;
  }

  long count() {
    return count;
  }

  Difference difference() {
    return new Difference(
        count,
        first.stream().sorted(Comparator.comparingLong(Named::order)).map(Named::id).toList());
  }
}
