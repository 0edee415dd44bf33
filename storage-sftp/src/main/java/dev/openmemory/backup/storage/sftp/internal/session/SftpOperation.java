package dev.openmemory.backup.storage.sftp.internal.session;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import java.io.IOException;
import java.util.Optional;

/**
 * What is being tried, where, so that a failure can say so.
 *
 * @param verb the verb of the SPI
 * @param location of the object or of the whole target, for messages
 * @param path on the server
 * @param connections to ask the server about a failure
 */
public record SftpOperation(
    String verb, String location, String path, SftpConnections connections) {
  /** Something to do with the server. */
  public interface Step<T> {
    T run(RemoteFiles files) throws IOException;
  }

  /** Does it; its failures become ours. */
  public <T> T ask(Step<T> step) throws BackupException {
    RemoteFiles files = files();
    try {
      return step.run(files);
    } catch (IOException e) {
      throw failure(e);
    } finally {
      files.release();
    }
  }

  /** As {@link #ask}, for a step with a result that owns the session. */
  public <T> T begin(Step<T> step) throws BackupException {
    RemoteFiles files = files();
    boolean begun = false;
    try {
      T result = step.run(files);
      begun = true;
      return result;
    } catch (IOException e) {
      throw failure(e);
    } finally {
      if (!begun) {
        files.release();
      }
    }
  }

  /** Over a session that the caller gives back. */
  public RemoteFiles files() throws BackupException {
    checkInterrupt();
    return connections.lease(this);
  }

  public BackupException failure(IOException e) {
    Optional<RemoteFiles> files = connections.leaseConnected();
    try {
      return SftpFailures.translate(this, e, files.orElse(null));
    } finally {
      files.ifPresent(RemoteFiles::release);
    }
  }

  public BackupException failure(Kind kind, String fact) {
    return kind.failure(verb, location, fact);
  }

  /** Notices an interrupt before and between calls. */
  public void checkInterrupt() throws BackupException {
    if (Thread.currentThread().isInterrupted()) {
      throw failure(Kind.CANCELLED, "interrupted");
    }
  }
}
