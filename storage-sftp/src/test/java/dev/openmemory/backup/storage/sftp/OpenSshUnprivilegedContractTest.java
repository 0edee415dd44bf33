package dev.openmemory.backup.storage.sftp;

import org.junit.jupiter.api.Tag;

/** With OpenSSH, as a user who is not root. */
@Tag("services")
class OpenSshUnprivilegedContractTest extends SftpTargetContract {
  private static final SharedServer SERVER = new SharedServer(OpenSshServer::startUnprivileged);

  @Override
  SharedServer server() {
    return SERVER;
  }
}
