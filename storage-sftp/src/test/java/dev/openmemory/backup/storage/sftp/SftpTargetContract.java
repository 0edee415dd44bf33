package dev.openmemory.backup.storage.sftp;

import dev.openmemory.backup.ObjectName;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.spi.ProviderOptions;
import dev.openmemory.backup.storage.sftp.internal.session.Machine;
import dev.openmemory.backup.testkit.BackupTargetContract;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;

/** What every target must do, on a server with SFTP: a path of its own for each test. */
abstract class SftpTargetContract extends BackupTargetContract {
  @TempDir Path scratch;

  private @Nullable PlaceOnServer place;

  /** The server, the same for all tests of the class. */
  abstract SharedServer server();

  Machine machine() {
    return new Machine();
  }

  @Override
  protected final BackupTarget open() throws Exception {
    return new SftpBackupTargetProvider(machine())
        .open(place().location(), new ProviderOptions("sftp", place().options()));
  }

  @Override
  protected final boolean killWhileWriting(ObjectName name) throws Exception {
    KilledWriter.breakOffHere(
        place().known(), place().path(), name, Pattern.of(1, 4 << 20), 3 << 20, false);
    return true;
  }

  private PlaceOnServer place() throws Exception {
    PlaceOnServer known = place;
    if (known == null) {
      known = new PlaceOnServer(server(), scratch);
      place = known;
    }
    return known;
  }
}
