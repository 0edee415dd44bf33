package dev.openmemory.backup.storage.sftp;

import org.junit.jupiter.api.Tag;

/** The whole contract, of which {@link SftpWithoutExtensionsTest} has what differs. */
@Tag("services")
class EmbeddedWithoutExtensionsContractTest extends SftpTargetContract {
  @Override
  SharedServer server() {
    return SharedServer.EMBEDDED_OLD;
  }
}
