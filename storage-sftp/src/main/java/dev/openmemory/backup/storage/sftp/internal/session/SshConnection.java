package dev.openmemory.backup.storage.sftp.internal.session;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import net.schmizz.sshj.Config;
import net.schmizz.sshj.SSHClient;
import net.schmizz.sshj.transport.TransportException;
import org.jspecify.annotations.Nullable;

/** A connection that closes the connections to its jump hosts. */
public final class SshConnection extends SSHClient {
  private final @Nullable SshConnection through;
  private final SshSocket socket;

  /** Through another one, or directly when that is null. */
  public SshConnection(Config config, @Nullable SshConnection through, SshSocket socket) {
    super(config);
    this.through = through;
    this.socket = socket;
  }

  /** To the first of the hosts on the way; without it nothing travels. */
  public SshSocket socket() {
    return socket;
  }

  /** Why it has ended, which it may be about to do; empty if it does not. */
  public Optional<TransportException> end() {
    try {
      // Its thread closes the socket some moments before it counts as ended.
      getTransport().join(1, TimeUnit.SECONDS);
      return Optional.empty();
    } catch (TransportException e) {
      return e.getCause() instanceof TimeoutException ? Optional.empty() : Optional.of(e);
    }
  }

  @Override
  public void disconnect() throws IOException {
    try {
      super.disconnect();
    } finally {
      if (through != null) {
        through.disconnect();
      }
    }
  }
}
