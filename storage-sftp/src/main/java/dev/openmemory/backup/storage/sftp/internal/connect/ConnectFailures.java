package dev.openmemory.backup.storage.sftp.internal.connect;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.storage.sftp.internal.hostkey.HostKeyCheck;
import dev.openmemory.backup.storage.sftp.internal.session.SshSocket;
import dev.openmemory.backup.storage.sftp.internal.sshconfig.HostSettings;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.schmizz.sshj.common.DisconnectReason;
import net.schmizz.sshj.common.SSHException;
import net.schmizz.sshj.connection.channel.OpenFailException;
import org.jspecify.annotations.Nullable;

/** What the failures of a connection mean, up to the moment when the user is logged in. */
final class ConnectFailures {
  /** The text of sshj, which has no type for it. */
  private static final Pattern NO_AGREEMENT =
      Pattern.compile("Unable to reach a settlement of (\\w+): \\[.*] and \\[(.*)]");

  private static final int LONGEST_LIST = 300;

  private final HostSettings host;
  private final HostKeyCheck hostKey;
  private final SshSocket socket;

  ConnectFailures(HostSettings host, HostKeyCheck hostKey, SshSocket socket) {
    this.host = host;
    this.hostKey = hostKey;
    this.socket = socket;
  }

  /**
   * The failure as ours.
   *
   * @param silent whether the connection was ended because the server said nothing
   */
  BackupException translate(IOException e, boolean silent) {
    if (isInterrupt(e)) {
      return interrupted(host, e);
    }
    BackupException refusal = hostKey.refusal();
    if (refusal != null) {
      refusal.addSuppressed(e);
      return refusal;
    }
    if (e instanceof BackupException ours) {
      return ours;
    }
    return isForeign()
        ? failure(
            host, Kind.UNSUPPORTED, "is no SSH server: answers '" + socket.greeting() + "'", e)
        : ofServer(e, silent);
  }

  /** Something answered, and not as sshd does. */
  private boolean isForeign() {
    String greeting = socket.greeting();
    return !greeting.isEmpty() && !greeting.startsWith("SSH-") && !"SSH-".startsWith(greeting);
  }

  private BackupException ofServer(IOException e, boolean silent) {
    if (silent || find(e, TimeoutException.class) != null) {
      return failure(host, Kind.TIMEOUT, "the server does not answer", e);
    }
    OpenFailException refused = find(e, OpenFailException.class);
    if (refused != null) {
      return failure(
          host,
          Kind.UNAVAILABLE,
          "the jump host does not connect to it: " + refused.getReason(),
          e);
    }
    Matcher agreement = NO_AGREEMENT.matcher(deepestText(e));
    if (agreement.find()) {
      return failure(
          host,
          Kind.UNSUPPORTED,
          "no algorithm in common for "
              + agreement.group(1)
              + "; the server offers "
              + shortened(agreement.group(2)),
          e);
    }
    SSHException ssh = find(e, SSHException.class);
    if (ssh != null
        && ssh.getDisconnectReason() == DisconnectReason.PROTOCOL_VERSION_NOT_SUPPORTED) {
      return failure(
          host, Kind.UNSUPPORTED, "the server speaks only an old SSH: " + socket.greeting(), e);
    }
    String command = socket.end();
    return failure(
        host,
        Kind.UNAVAILABLE,
        command.isEmpty()
            ? "the connection broke: " + deepestText(e)
            : "the ProxyCommand of ssh_config " + command,
        e);
  }

  /** Of a connection that does not come about. */
  static BackupException unreachable(HostSettings host, IOException e, boolean silent) {
    if (Thread.currentThread().isInterrupted()) {
      return interrupted(host, e);
    }
    if (e instanceof UnknownHostException) {
      return failure(host, Kind.UNAVAILABLE, "unknown host: " + host.hostName(), e);
    }
    if (silent || e instanceof SocketTimeoutException) {
      return failure(host, Kind.TIMEOUT, "no answer from " + host.place(), e);
    }
    String what =
        e instanceof NoRouteToHostException
            ? "cannot be reached"
            : e instanceof ConnectException ? "refused the connection" : "cannot be connected to";
    return failure(host, Kind.UNAVAILABLE, host.place() + " " + what + ": " + e.getMessage(), e);
  }

  static BackupException failure(
      HostSettings host, Kind kind, String fact, @Nullable Throwable cause) {
    return kind.failure("connect", host.location(), fact, cause);
  }

  private static boolean isInterrupt(IOException e) {
    // A thread that waits for sshj loses the flag.
    return Thread.currentThread().isInterrupted() || find(e, InterruptedException.class) != null;
  }

  private static BackupException interrupted(HostSettings host, IOException e) {
    Thread.currentThread().interrupt();
    return failure(host, Kind.CANCELLED, "interrupted", e);
  }

  private static <T extends Throwable> @Nullable T find(Throwable e, Class<T> type) {
    for (Throwable at = e; at != null; at = at.getCause()) {
      if (type.isInstance(at)) {
        return type.cast(at);
      }
    }
    return null;
  }

  private static String deepestText(Throwable e) {
    String text = String.valueOf(e.getMessage());
    for (Throwable at = e; at != null; at = at.getCause()) {
      if (at.getMessage() != null) {
        text = at.getMessage();
      }
    }
    return text;
  }

  private static String shortened(String text) {
    return text.length() <= LONGEST_LIST ? text : text.substring(0, LONGEST_LIST) + " ...";
  }
}
