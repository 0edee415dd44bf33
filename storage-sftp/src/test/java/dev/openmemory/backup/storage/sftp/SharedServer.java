package dev.openmemory.backup.storage.sftp;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A server that starts when a test first asks for it and ends with this JVM. */
public final class SharedServer {
  /** Starts a server; what it lacks it names by skipping the test. */
  interface Start {
    SftpServer start() throws Exception;
  }

  public static final SharedServer EMBEDDED = new SharedServer(EmbeddedSftpServer::start);
  static final SharedServer EMBEDDED_OLD =
      new SharedServer(EmbeddedSftpServer::startWithoutExtensions);
  static final SharedServer OPENSSH = new SharedServer(OpenSshServer::start);

  private final Start start;
  private final AtomicInteger folders = new AtomicInteger();
  private @Nullable SftpServer running;

  SharedServer(Start start) {
    this.start = start;
  }

  public synchronized SftpServer get() throws Exception {
    SftpServer server = running;
    if (server == null) {
      server = start.start();
      running = server;
      Runtime.getRuntime().addShutdownHook(new Thread(this::close));
    }
    return server;
  }

  /** The path below the user's folder that no other test has; there is nothing yet. */
  String newPath() {
    return "test-" + folders.incrementAndGet() + "/some/prefix";
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
