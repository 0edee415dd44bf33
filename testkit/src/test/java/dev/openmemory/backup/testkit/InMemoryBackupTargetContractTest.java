package dev.openmemory.backup.testkit;

import dev.openmemory.backup.spi.BackupTarget;

class InMemoryBackupTargetContractTest extends BackupTargetContract {
  private final InMemoryBackupTarget store = new InMemoryBackupTarget();

  @Override
  protected BackupTarget open() {
    return store.reopen();
  }
}
