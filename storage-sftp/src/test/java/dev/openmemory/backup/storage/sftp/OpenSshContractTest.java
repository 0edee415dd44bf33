package dev.openmemory.backup.storage.sftp;

import org.junit.jupiter.api.Tag;

/** With OpenSSH, as whoever runs the tests, who is root in CI. */
@Tag("services")
class OpenSshContractTest extends SftpTargetContract {
  @Override
  SharedServer server() {
    return SharedServer.OPENSSH;
  }
}
