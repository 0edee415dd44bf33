package dev.openmemory.backup.storage.sftp;

import dev.openmemory.backup.testconditions.StartedOnce;
import java.util.concurrent.atomic.AtomicInteger;

/** A server that several tests use, each with a folder of its own. */
public final class SharedServer {
  public static final SharedServer EMBEDDED = new SharedServer(EmbeddedSftpServer::start);
  static final SharedServer EMBEDDED_OLD =
      new SharedServer(EmbeddedSftpServer::startWithoutExtensions);
  static final SharedServer OPENSSH = new SharedServer(OpenSshServer::start);

  private final StartedOnce<SftpServer> server;
  private final AtomicInteger folders = new AtomicInteger();

  SharedServer(StartedOnce.Start<SftpServer> start) {
    server = new StartedOnce<>(start);
  }

  public SftpServer get() throws Exception {
    return server.get();
  }

  /** The path below the user's folder that no other test has; there is nothing yet. */
  String newPath() {
    return "test-" + folders.incrementAndGet() + "/some/prefix";
  }
}
