package dev.openmemory.backup.storage.sftp;

import dev.openmemory.backup.storage.sftp.internal.session.Machine;

/** With Apache MINA, which is there in every build. */
class EmbeddedContractTest extends SftpTargetContract {
  @Override
  SharedServer server() {
    return SharedServer.EMBEDDED;
  }

  /** A small one, since the contract writes as much as does not fit into it. */
  @Override
  Machine machine() {
    return new TestMachine();
  }
}
