package dev.openmemory.backup.internal.sync;

import java.util.concurrent.atomic.LongAdder;

/** Bytes of objects that a sync moved to and from its destination. Thread-safe. */
final class SyncTraffic {
  private final LongAdder sent = new LongAdder();
  private final LongAdder received = new LongAdder();

  void sent(long bytes) {
    sent.add(bytes);
  }

  void received(long bytes) {
    received.add(bytes);
  }

  long sent() {
    return sent.sum();
  }

  long received() {
    return received.sum();
  }
}
