package dev.openmemory.backup.internal.lock;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;

/** Takes the lock on a home, says so, and keeps it until its input ends. */
final class HomeLockChild {
  static final String HELD = "held";

  private HomeLockChild() {}

  /** Arguments: the home. */
  @SuppressWarnings("try")
  public static void main(String[] args) throws IOException {
    try (HomeLock lock = HomeLock.take(Path.of(args[0]), "restore", Clock.systemUTC())) {
      System.out.println(HELD);
      int unused = System.in.read();
    }
  }
}
