package dev.openmemory.backup.storage.sftp.internal.session;

import dev.openmemory.backup.BackupException;
import net.schmizz.sshj.SSHClient;

/** Makes connections to the host of a location, each logged in; thread-safe. */
public interface SshConnector {
  /**
   * A new connection, also through the jump hosts that it needs: the host key is checked and the
   * user is logged in. The caller closes it.
   *
   * @throws BackupException for whatever does not work, redacted; of kind {@code CANCELLED} on an
   *     interrupt
   */
  SSHClient connect() throws BackupException;

  /** What decides how the host is reached, for people. */
  String access();
}
