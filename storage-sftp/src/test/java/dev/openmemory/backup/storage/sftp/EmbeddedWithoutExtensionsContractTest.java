package dev.openmemory.backup.storage.sftp;

import org.junit.jupiter.api.Tag;

/** With a server that knows no more than version 3 of the protocol. */
@Tag("long")
class EmbeddedWithoutExtensionsContractTest extends SftpTargetContract {
  @Override
  SharedServer server() {
    return SharedServer.EMBEDDED_OLD;
  }
}
