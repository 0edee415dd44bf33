package dev.openmemory.backup.storage.sftp;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.internal.watch.CallWatch;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import net.schmizz.sshj.SSHClient;
import org.jspecify.annotations.Nullable;

/**
 * The connection of a target: made when it is first needed, and again when it has broken.
 * Thread-safe; {@link #close} ends it and the thread that watches over its calls.
 */
final class SftpConnections implements AutoCloseable {
  private final SshConnector connector;
  private final Duration timeout;
  private final CallWatch watch;
  private final ReentrantLock connecting = new ReentrantLock();
  private volatile @Nullable SftpConnection current;
  private volatile boolean closed;

  /** Owns the watch. */
  SftpConnections(SshConnector connector, CallWatch watch, Duration timeout) {
    this.connector = connector;
    this.watch = watch;
    this.timeout = timeout;
  }

  Duration timeout() {
    return timeout;
  }

  boolean isClosed() {
    return closed;
  }

  /** The connection, which may break at any time. */
  SftpConnection get(SftpOperation operation) throws BackupException {
    try {
      connecting.lockInterruptibly();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw operation.failure(Kind.CANCELLED, "interrupted");
    }
    try {
      if (closed) {
        throw new IllegalStateException("the target is closed: " + operation.location());
      }
      return alive().isPresent() ? alive().get() : connect(operation);
    } finally {
      connecting.unlock();
    }
  }

  /** The connection, if there is one. */
  Optional<SftpConnection> alive() {
    return Optional.ofNullable(current).filter(SftpConnection::isAlive);
  }

  private SftpConnection connect(SftpOperation operation) throws BackupException {
    SftpConnection broken = current;
    if (broken != null) {
      current = null;
      broken.abort();
    }
    SSHClient client = connector.connect();
    try {
      SftpConnection made = SftpConnection.open(client, watch, timeout);
      current = made;
      return made;
    } catch (LinkException e) {
      throw SftpFailures.translate(operation, e, null);
    } catch (IOException e) {
      if (Thread.currentThread().isInterrupted()) {
        throw SftpFailures.translate(operation, e, null);
      }
      throw new BackupException(
          Kind.UNSUPPORTED,
          operation.verb(),
          operation.location(),
          "the server lets the user in and does not speak SFTP: " + e.getMessage(),
          e);
    }
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      SftpConnection open = current;
      if (open != null) {
        open.close();
      }
      watch.close();
    }
  }
}
