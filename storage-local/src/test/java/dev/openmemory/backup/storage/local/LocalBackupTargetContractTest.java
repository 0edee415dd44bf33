package dev.openmemory.backup.storage.local;

import dev.openmemory.backup.ObjectName;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.testkit.BackupTargetContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.io.TempDir;

class LocalBackupTargetContractTest extends BackupTargetContract {
  @TempDir Path folder;

  @Override
  protected BackupTarget open() {
    return new LocalBackupTarget(folder.resolve("backups"));
  }

  /** The hidden file without its lock: LocalBackupTargetProcessTest shows that no more is left. */
  @Override
  protected boolean killWhileWriting(ObjectName name) throws Exception {
    leaveHidden(folder.resolve("backups").resolve(name.value()));
    return true;
  }

  static void leaveHidden(Path object) throws IOException {
    Path hidden = object.resolveSibling(".openmemory-backup-" + UUID.randomUUID() + ".part");
    Files.createDirectories(object.getParent());
    Files.write(hidden, new byte[] {1, 2, 3});
  }
}
