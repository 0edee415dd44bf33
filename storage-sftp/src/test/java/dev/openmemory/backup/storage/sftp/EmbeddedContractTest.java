package dev.openmemory.backup.storage.sftp;

/** With Apache MINA, which is there in every build. */
class EmbeddedContractTest extends SftpTargetContract {
  @Override
  SharedServer server() {
    return SharedServer.EMBEDDED;
  }
}
