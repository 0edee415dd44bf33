package dev.openmemory.backup.testconditions;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/** A server that starts when a test first asks for it and ends with this JVM. Thread-safe. */
public final class StartedOnce<S extends Closeable> {
  /** Starts a server; skips the test, and names what is missing, where that is impossible. */
  public interface Start<S> {
    S start() throws Exception;
  }

  private final Start<? extends S> start;
  private @Nullable S running;

  public StartedOnce(Start<? extends S> start) {
    this.start = start;
  }

  public synchronized S get() throws Exception {
    S server = running;
    if (server == null) {
      server = start.start();
      running = server;
      Runtime.getRuntime().addShutdownHook(new Thread(this::close));
    }
    return server;
  }

  private synchronized void close() {
    try {
      if (running != null) {
        running.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
