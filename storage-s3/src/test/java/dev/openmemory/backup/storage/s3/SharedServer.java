package dev.openmemory.backup.storage.s3;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/** A server that starts when a test first asks for it and ends with this JVM. */
final class SharedServer<S extends S3Server> {
  /** Starts a server; what it lacks it names by skipping the test. */
  interface Start<S> {
    S start() throws Exception;
  }

  private final Start<S> start;
  private @Nullable S running;

  SharedServer(Start<S> start) {
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
