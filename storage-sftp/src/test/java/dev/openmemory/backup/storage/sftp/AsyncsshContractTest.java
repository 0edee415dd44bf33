package dev.openmemory.backup.storage.sftp;

import org.junit.jupiter.api.Tag;

/** With Asyncssh. */
@Tag("services")
class AsyncsshContractTest extends SftpTargetContract {
  private static final SharedServer SERVER = new SharedServer(ProgramServer::asyncssh);

  @Override
  SharedServer server() {
    return SERVER;
  }
}
