package dev.openmemory.backup.examples;

import dev.openmemory.backup.BackupTargets;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.testkit.BackupTargetContract;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;

class TeamBackupTargetContractTest extends BackupTargetContract {
  @TempDir Path folder;

  @Override
  protected BackupTarget open() throws IOException {
    return BackupTargets.open("team:" + folder + "?name=blue", Map.of());
  }
}
