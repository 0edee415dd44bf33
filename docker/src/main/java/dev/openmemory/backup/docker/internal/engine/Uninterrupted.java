package dev.openmemory.backup.docker.internal.engine;

import java.io.IOException;

/**
 * For work that has to be done even when its thread was interrupted: a connection of an interrupted
 * thread breaks at once.
 */
final class Uninterrupted {
  private Uninterrupted() {}

  /** Work that may fail. */
  interface Work {
    void run() throws IOException;
  }

  /** Does the work with the interrupt flag cleared, and sets it again if it was set. */
  static void run(Work work) throws IOException {
    boolean interrupted = Thread.interrupted();
    try {
      work.run();
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
