package dev.openmemory.backup.internal.diff;

import dev.openmemory.backup.diff.BackupDiff.Listed;
import java.util.ArrayList;
import java.util.List;

/** Counts what it is given and keeps the first of it. */
final class CappedList<T> {
  private final int most;
  private final List<T> first = new ArrayList<>();
  private long count;

  CappedList(int most) {
    this.most = most;
  }

  /** Makes what is to be kept; nothing is made of the others. */
  interface Maker<T, E extends Exception> {
    T make() throws E;
  }

  <E extends Exception> void add(Maker<? extends T, E> maker) throws E {
    if (count < most) {
      first.add(maker.make());
    }
    count++;
  }

  Listed<T> listed() {
    return new Listed<>(count, first);
  }
}
