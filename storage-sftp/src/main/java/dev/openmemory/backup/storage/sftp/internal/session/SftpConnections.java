package dev.openmemory.backup.storage.sftp.internal.session;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.internal.watch.CallWatch;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import net.schmizz.sshj.SSHClient;

/**
 * The connections of a target: one, made when it is first needed and again when it has broken, and
 * further ones where the server allows fewer sessions in it than there are calls at a time. Servers
 * limit them ({@code MaxSessions} of sshd_config, 10 by default), and not every server keeps apart
 * what several threads ask in one.
 *
 * <p>Thread-safe; {@link #close} ends them and the thread that watches over their calls.
 */
public final class SftpConnections implements AutoCloseable {
  private final SshConnector connector;
  private final Duration timeout;
  private final CallWatch watch;
  private final Machine machine;
  private final Niceties niceties = new Niceties();
  private final ReentrantLock connecting = new ReentrantLock();
  private final List<SftpConnection> open = new CopyOnWriteArrayList<>();
  private volatile boolean closed;

  /** Owns the watch. */
  public SftpConnections(
      SshConnector connector, CallWatch watch, Duration timeout, Machine machine) {
    this.connector = connector;
    this.watch = watch;
    this.timeout = timeout;
    this.machine = machine;
  }

  public Duration timeout() {
    return timeout;
  }

  public Machine machine() {
    return machine;
  }

  /** How the host is reached, for people. */
  public String access() {
    return connector.access();
  }

  public boolean isClosed() {
    return closed;
  }

  /**
   * A session for the caller alone until it is given back; its connection may break at any time.
   */
  RemoteFiles lease(SftpOperation operation) throws BackupException {
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
      Optional<RemoteFiles> free = leaseConnected();
      return free.isPresent() ? free.get() : connect(operation);
    } finally {
      connecting.unlock();
    }
  }

  /** The same without a new connection, if that is possible. */
  Optional<RemoteFiles> leaseConnected() {
    return open.stream().flatMap(connection -> RemoteFiles.lease(connection).stream()).findFirst();
  }

  public boolean isConnected() {
    return open.stream().anyMatch(SftpConnection::isAlive);
  }

  private RemoteFiles connect(SftpOperation operation) throws BackupException {
    List<SftpConnection> broken = open.stream().filter(one -> !one.isAlive()).toList();
    open.removeAll(broken);
    broken.forEach(SftpConnection::abort);
    SSHClient client = connector.connect();
    try {
      SftpConnection made = SftpConnection.open(client, watch, timeout, machine, niceties);
      open.add(made);
      return RemoteFiles.lease(made)
          .orElseThrow(() -> operation.failure(Kind.UNAVAILABLE, "the connection broke"));
    } catch (LinkException e) {
      throw SftpFailures.translate(operation, e, null);
    } catch (IOException e) {
      if (Thread.currentThread().isInterrupted()) {
        throw SftpFailures.translate(operation, e, null);
      }
      throw Kind.UNSUPPORTED.failure(
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
      open.forEach(SftpConnection::close);
      watch.close();
    }
  }
}
