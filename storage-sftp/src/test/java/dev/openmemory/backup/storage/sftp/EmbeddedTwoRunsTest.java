package dev.openmemory.backup.storage.sftp;

class EmbeddedTwoRunsTest extends SftpTwoRunsContract {
  @Override
  SharedServer server() {
    return SharedServer.EMBEDDED;
  }
}
