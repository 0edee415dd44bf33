package dev.openmemory.backup.storage.sftp;

class OpenSshTwoRunsTest extends SftpTwoRunsContract {
  @Override
  SharedServer server() {
    return SharedServer.OPENSSH;
  }
}
