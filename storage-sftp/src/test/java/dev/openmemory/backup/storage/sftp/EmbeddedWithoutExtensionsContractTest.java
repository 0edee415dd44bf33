package dev.openmemory.backup.storage.sftp;

/** With a server that knows no more than version 3 of the protocol. */
class EmbeddedWithoutExtensionsContractTest extends SftpTargetContract {
  @Override
  SharedServer server() {
    return SharedServer.EMBEDDED_OLD;
  }
}
