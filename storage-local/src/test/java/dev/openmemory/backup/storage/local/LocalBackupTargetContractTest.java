package dev.openmemory.backup.storage.local;

import dev.openmemory.backup.ObjectName;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.testkit.BackupTargetContract;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class LocalBackupTargetContractTest extends BackupTargetContract {
  @TempDir Path folder;

  @Override
  protected BackupTarget open() {
    return new LocalBackupTarget(folder.resolve("backups"));
  }

  @Override
  protected boolean dieWhileWriting(ObjectName name) throws Exception {
    try (WriterProcess writer =
        WriterProcess.start("write", folder.resolve("backups"), name.value())) {
      writer.awaitReady();
      writer.kill();
    }
    return true;
  }
}
