package dev.openmemory.backup.storage.sftp.internal.session;

import dev.openmemory.backup.internal.watch.CallWatch;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import net.schmizz.concurrent.Promise;
import net.schmizz.sshj.SSHClient;
import net.schmizz.sshj.sftp.PacketType;
import net.schmizz.sshj.sftp.Request;
import net.schmizz.sshj.sftp.Response;
import net.schmizz.sshj.sftp.SFTPEngine;
import net.schmizz.sshj.sftp.SFTPException;
import org.jspecify.annotations.Nullable;

/**
 * One SFTP session of a connection. Requests may be under way in any number; a thread that waits
 * for an answer notices an interrupt, a broken connection and a silent server.
 *
 * <p>Of sshj's engine it uses packets and promises and none of its blocking calls: they wait, deaf
 * to a broken connection, until a time-out. Thread-safe.
 */
public final class SftpChannel extends SFTPEngine {
  private static final long LOOK_MILLIS = 50;
  private static final long ROOM_MILLIS = 2;
  private static final int LENGTH_FIELD = 4;
  private static final Duration SHORT_TIMEOUT = Duration.ofSeconds(2);

  /** How a connection is ended at once, whatever its threads wait for. */
  interface Abort extends Runnable {}

  private final CallWatch watch;
  private final Duration timeout;
  private final Machine machine;
  private final Abort abort;
  private final ReentrantLock sending = new ReentrantLock();
  private long wholeWindow;

  private SftpChannel(
      SSHClient client, CallWatch watch, Duration timeout, Machine machine, Abort abort)
      throws IOException {
    super(client);
    this.watch = watch;
    this.timeout = timeout;
    this.machine = machine;
    this.abort = abort;
  }

  /** Opens a session; {@code abort} is called when the server is silent for that long. */
  static SftpChannel open(
      SSHClient client, CallWatch watch, Duration timeout, Machine machine, Abort abort)
      throws IOException {
    try (CallWatch.Call call = watch.begin(timeout, abort)) {
      try {
        SftpChannel channel = new SftpChannel(client, watch, timeout, machine, abort);
        channel.init();
        channel.wholeWindow = channel.sub.getRemoteWinSize();
        return channel;
      } catch (IOException e) {
        if (call.wasSilent()) {
          throw new LinkException("the server does not answer", true, e);
        }
        throw e;
      }
    }
  }

  /** The bytes that one packet of the connection takes. */
  int packetLength() {
    return sub.getRemoteMaxPacketSize();
  }

  /** The bytes that the server takes before it gives back room. */
  int window() {
    return (int) Math.min(Integer.MAX_VALUE, wholeWindow);
  }

  boolean isAlive() {
    return reader.isAlive() && sub.isOpen();
  }

  /** Whether a request of that length is sent without waiting for the server. */
  public boolean hasRoom(int length) {
    return sub.getRemoteWinSize() >= Math.min(length + LENGTH_FIELD, wholeWindow);
  }

  /** Asks, and waits for the answer. */
  Response ask(Request request) throws IOException {
    return await(send(request));
  }

  /** The same for what only tidies up: a server that is silent so long is given up. */
  Response askWithShortTimeout(Request request) throws IOException {
    return await(send(request, SHORT_TIMEOUT), SHORT_TIMEOUT);
  }

  /** Asks; the answer is in the promise some time. */
  public Promise<Response, SFTPException> send(Request request) throws IOException {
    return send(request, timeout);
  }

  private Promise<Response, SFTPException> send(Request request, Duration timeout)
      throws IOException {
    int length = request.available();
    try {
      sending.lockInterruptibly();
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
    try {
      awaitRoom(length, timeout);
      return transmitWatched(request, timeout);
    } finally {
      sending.unlock();
    }
  }

  private Promise<Response, SFTPException> transmitWatched(Request request, Duration timeout)
      throws IOException {
    try (CallWatch.Call call = watch.begin(timeout, abort)) {
      try {
        return request(request);
      } catch (IOException | RuntimeException e) {
        // Half a packet may be out, so that no other can follow.
        abort.run();
        if (Thread.currentThread().isInterrupted()) {
          throw interrupted(e);
        }
        throw call.wasSilent() ? silence(timeout) : broken(e);
      }
    }
  }

  /** sshj would wait while it holds a lock that it also needs to report a broken connection. */
  private void awaitRoom(int length, Duration timeout) throws IOException {
    Silence silence = new Silence(timeout);
    while (!hasRoom(length)) {
      requireAlive();
      silence.look();
      try {
        Thread.sleep(ROOM_MILLIS);
      } catch (InterruptedException e) {
        throw interrupted(e);
      }
    }
  }

  /** Waits for an answer; which it is, the caller finds out. */
  public Response await(Promise<Response, SFTPException> answer) throws IOException {
    return await(answer, timeout);
  }

  /** The same, for what may take its time on the server. */
  public Response await(Promise<Response, SFTPException> answer, Duration timeout)
      throws IOException {
    Silence silence = new Silence(timeout);
    while (true) {
      boolean alive = isAlive();
      Response response = tryTake(answer);
      if (response != null) {
        return response;
      }
      if (!alive) {
        throw broken(null);
      }
      silence.look();
    }
  }

  private static @Nullable Response tryTake(Promise<Response, SFTPException> answer)
      throws IOException {
    try {
      return answer.tryRetrieve(LOOK_MILLIS, TimeUnit.MILLISECONDS);
    } catch (SFTPException e) {
      if (Thread.currentThread().isInterrupted()) {
        throw interrupted(e);
      }
      throw broken(e);
    }
  }

  private void requireAlive() throws LinkException {
    if (!isAlive()) {
      throw broken(null);
    }
  }

  /** Tells the server that a handle is no longer needed; neither waits nor fails. */
  public void closeHandle(Handle handle) {
    try {
      Request close = handle.to(newRequest(PacketType.CLOSE));
      if (isAlive() && hasRoom(close.available()) && sending.tryLock()) {
        try {
          transmitWatched(close, SHORT_TIMEOUT);
        } finally {
          sending.unlock();
        }
      }
    } catch (IOException e) {
      // The server closes it with the connection.
      log.debug("a handle stays open", e);
    }
  }

  private static InterruptedIOException interrupted(Exception cause) {
    Thread.currentThread().interrupt();
    InterruptedIOException interruption = new InterruptedIOException("interrupted");
    interruption.initCause(cause);
    return interruption;
  }

  private static LinkException broken(@Nullable Exception cause) {
    String reason = cause == null || cause.getMessage() == null ? "" : ": " + cause.getMessage();
    return new LinkException("the connection broke" + reason, false, cause);
  }

  private static LinkException silence(Duration longest) {
    return new LinkException(
        "the server has said nothing for " + longest.toSeconds() + " s", true, null);
  }

  /** Measures the time without a sign of the server: bytes of it, or room that it gives. */
  private final class Silence {
    private final Duration longest;
    private long sign = sign();
    private long since = machine.nanos();

    Silence(Duration longest) {
      this.longest = longest;
    }

    void look() throws LinkException {
      long now = machine.nanos();
      long seen = sign();
      if (seen != sign) {
        sign = seen;
        since = now;
      } else if (now - since > longest.toNanos()) {
        abort.run();
        throw silence(longest);
      }
    }

    private long sign() {
      return sub.getLocalWinSize() * 31 + sub.getRemoteWinSize();
    }
  }
}
