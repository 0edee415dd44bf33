package dev.openmemory.backup.benchmarks.docker;

import java.io.IOException;
import java.io.InterruptedIOException;

/** A removal by a command, for {@code close}, which must not throw what interrupts. */
final class Cleanup {
  interface Command {
    String run() throws IOException, InterruptedException;
  }

  private Cleanup() {}

  static void run(Command command) throws IOException {
    try {
      command.run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while cleaning up");
    }
  }
}
