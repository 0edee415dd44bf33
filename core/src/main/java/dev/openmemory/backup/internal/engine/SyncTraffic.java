package dev.openmemory.backup.internal.engine;

/** Bytes of objects that a sync moved to and from its destination. */
final class SyncTraffic {
  private long sent;
  private long received;

  void sent(long bytes) {
    sent += bytes;
  }

  void received(long bytes) {
    received += bytes;
  }

  long sent() {
    return sent;
  }

  long received() {
    return received;
  }
}
