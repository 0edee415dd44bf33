package dev.openmemory.backup.storage.sftp;

import org.junit.jupiter.api.Tag;

/** With Proftpd. */
@Tag("services")
class ProftpdContractTest extends SftpTargetContract {
  private static final SharedServer SERVER = new SharedServer(ProgramServer::proftpd);

  @Override
  SharedServer server() {
    return SERVER;
  }
}
