package dev.openmemory.backup.storage.sftp;

import org.junit.jupiter.api.Tag;

/** With OpenSSH that denies posix-rename, fsync and a second session in a connection. */
@Tag("services")
class OpenSshDenyingContractTest extends SftpTargetContract {
  private static final SharedServer SERVER =
      new SharedServer(() -> OpenSshServer.startDenying("posix-rename,fsync"));

  @Override
  SharedServer server() {
    return SERVER;
  }
}
