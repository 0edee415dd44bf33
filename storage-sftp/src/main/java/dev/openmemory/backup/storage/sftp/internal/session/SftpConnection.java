package dev.openmemory.backup.storage.sftp.internal.session;

import dev.openmemory.backup.internal.watch.CallWatch;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import net.schmizz.sshj.SSHClient;
import net.schmizz.sshj.common.Buffer;
import net.schmizz.sshj.sftp.PacketType;
import net.schmizz.sshj.sftp.Request;
import net.schmizz.sshj.sftp.Response;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A connection that is logged in, with its SFTP sessions, of which each call has its own. */
public final class SftpConnection {
  private static final Logger LOG = LoggerFactory.getLogger(SftpConnection.class);

  /** What the server may send before we have read it; what is asked for stays far below. */
  private static final long WINDOW = 16L << 20;

  /** What the protocol has every server take, with room for the fields around it. */
  private static final int PACKET_DATA = 32 * 1024;

  /** What is around the bytes of a write, for the longest handle. */
  private static final int AROUND_DATA = 300;

  /** Of a window that is smaller than four of these, a server gives back more at a time. */
  private static final int LEAST_DATA = 1024;

  private static final String BY_OPENSSH = "openssh.com";

  private final SSHClient client;
  private final CallWatch watch;
  private final Duration timeout;
  private final Machine machine;
  private final Niceties niceties;
  private final Deque<SftpChannel> idle = new ArrayDeque<>();
  private final SftpChannel main;
  private final ServerFeatures features;
  private boolean full;
  private volatile boolean aborted;

  private SftpConnection(
      SSHClient client, CallWatch watch, Duration timeout, Machine machine, Niceties niceties)
      throws IOException {
    this.client = client;
    this.watch = watch;
    this.timeout = timeout;
    this.machine = machine;
    this.niceties = niceties;
    this.main = openChannel();
    this.features = ask(main);
    idle.push(main);
  }

  /** Takes over the client, also when it throws. */
  static SftpConnection open(
      SSHClient client, CallWatch watch, Duration timeout, Machine machine, Niceties niceties)
      throws IOException {
    client.getConnection().setWindowSize(WINDOW);
    client.getConnection().setTimeoutMs((int) timeout.toMillis());
    try {
      return new SftpConnection(client, watch, timeout, machine, niceties);
    } catch (IOException | RuntimeException e) {
      boolean broken = !client.isConnected();
      close(client, watch, timeout);
      if (broken && !(e instanceof LinkException)) {
        throw new LinkException("the connection broke: " + e.getMessage(), false, e);
      }
      throw e;
    }
  }

  private SftpChannel openChannel() throws IOException {
    return SftpChannel.open(client, watch, timeout, machine, this::abort);
  }

  private static ServerFeatures ask(SftpChannel channel) throws IOException {
    int readLength = Math.min(PACKET_DATA, channel.packetLength()) - AROUND_DATA;
    int writeLength = Math.min(readLength, Math.max(LEAST_DATA, channel.window() / 4));
    if (channel.supportsServerExtension("limits", BY_OPENSSH)) {
      Response limits = channel.ask(channel.newExtendedRequest("limits@openssh.com"));
      if (limits.getType() == PacketType.EXTENDED_REPLY) {
        limits.readUInt64();
        readLength = atMost(readLength, limits);
        writeLength = atMost(writeLength, limits);
      }
    }
    return new ServerFeatures(
        channel.supportsServerExtension("posix-rename", BY_OPENSSH),
        channel.supportsServerExtension("hardlink", BY_OPENSSH),
        channel.supportsServerExtension("fsync", BY_OPENSSH),
        channel.supportsServerExtension("statvfs", BY_OPENSSH),
        readLength,
        writeLength);
  }

  /** Zero means that the server knows no limit. */
  private static int atMost(int length, Response limits) throws Buffer.BufferException {
    long limit = limits.readUInt64();
    return limit == 0 ? length : (int) Math.min(length, limit);
  }

  ServerFeatures features() {
    return features;
  }

  public Niceties niceties() {
    return niceties;
  }

  /** A session for the caller alone until it is given back; none when the server has no more. */
  public synchronized Optional<SftpChannel> borrow() {
    // Its sessions learn of the end of the connection later.
    while (isAlive() && !idle.isEmpty()) {
      SftpChannel channel = idle.pop();
      if (channel.isAlive()) {
        return Optional.of(channel);
      }
    }
    if (full || !isAlive()) {
      return Optional.empty();
    }
    try {
      return Optional.of(openChannel());
    } catch (IOException e) {
      LOG.debug("no further session", e);
      // An interrupt says nothing about the server.
      full = !Thread.currentThread().isInterrupted();
      return Optional.empty();
    }
  }

  public synchronized void release(SftpChannel channel) {
    if (channel.isAlive()) {
      idle.push(channel);
    }
  }

  boolean isAlive() {
    return !aborted && client.isConnected() && main.isAlive();
  }

  /** Ends it at once; a thread that waits for an answer gets a failure. */
  void abort() {
    aborted = true;
    abort(client);
  }

  private static void abort(SSHClient client) {
    if (client instanceof SshConnection ours) {
      ours.socket().abort();
      return;
    }
    try {
      client.getSocket().close();
    } catch (IOException e) {
      LOG.debug("a connection could not be closed", e);
    }
  }

  /** Says goodbye. */
  void close() {
    close(client, watch, timeout);
  }

  private static void close(SSHClient client, CallWatch watch, Duration timeout) {
    CallWatch.Call call = watch.begin(timeout, () -> abort(client));
    try {
      client.disconnect();
    } catch (IOException e) {
      LOG.debug("a connection could not be closed", e);
    } finally {
      call.close();
    }
  }

  static Request extended(SftpChannel channel, String name) {
    return channel.newExtendedRequest(name + "@" + BY_OPENSSH);
  }
}
