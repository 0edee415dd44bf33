package dev.openmemory.backup.storage.sftp;

import org.junit.jupiter.api.Tag;

/** With OpenSSH, as a user who is locked up in a directory of root's. */
@Tag("services")
class OpenSshChrootedContractTest extends SftpTargetContract {
  private static final SharedServer SERVER = new SharedServer(OpenSshServer::startChrooted);

  @Override
  SharedServer server() {
    return SERVER;
  }
}
