package dev.openmemory.backup.internal.file;

import java.io.Closeable;
import java.io.IOException;

/** Closes several things, each of them whatever goes wrong with the others. */
public final class CloseAll {
  private CloseAll() {}

  /**
   * Closes them in their order.
   *
   * @throws IOException the first failure; the others are attached to it
   */
  public static void of(Iterable<? extends Closeable> all) throws IOException {
    Exception first = null;
    for (Closeable one : all) {
      try {
        one.close();
      } catch (IOException | RuntimeException e) {
        if (first == null) {
          first = e;
        } else {
          first.addSuppressed(e);
        }
      }
    }
    if (first instanceof IOException failure) {
      throw failure;
    }
    if (first instanceof RuntimeException failure) {
      throw failure;
    }
  }
}
