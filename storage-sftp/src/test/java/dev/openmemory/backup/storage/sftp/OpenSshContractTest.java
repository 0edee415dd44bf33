package dev.openmemory.backup.storage.sftp;

/** With OpenSSH, as whoever runs the tests, who is root in CI. */
class OpenSshContractTest extends SftpTargetContract {
  @Override
  SharedServer server() {
    return SharedServer.OPENSSH;
  }
}
