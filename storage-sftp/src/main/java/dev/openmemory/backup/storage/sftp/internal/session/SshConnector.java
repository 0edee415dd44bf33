package dev.openmemory.backup.storage.sftp.internal.session;

import dev.openmemory.backup.BackupException;
import net.schmizz.sshj.SSHClient;

/** Makes connections to the host of a location, each logged in; thread-safe. */
public interface SshConnector {
  /**
   * A new connection whose host key is checked and whose user is logged in, also through the jump
   * hosts that it needs. The caller closes it.
   *
   * @throws BackupException for whatever does not work, redacted; of kind {@code CANCELLED} on an
   *     interrupt
   */
  SSHClient connect() throws BackupException;
}
