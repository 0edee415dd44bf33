package dev.openmemory.backup.sample;

import dev.openmemory.backup.ObjectName;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.spi.Content;
import dev.openmemory.backup.spi.ForwardingBackupTarget;
import dev.openmemory.backup.spi.ObjectInfo;
import dev.openmemory.backup.spi.WriteOptions;
import java.io.IOException;

/** Notes in which states the writers are when data is stored. */
public final class WitnessTarget extends ForwardingBackupTarget {
  private final FileWriters writers;

  public WitnessTarget(BackupTarget target, FileWriters writers) {
    super(target);
    this.writers = writers;
  }

  @Override
  public ObjectInfo write(ObjectName name, Content content, WriteOptions options)
      throws IOException {
    if (name.fileName().contains(".bin")) {
      writers.logWithStates("store " + name.fileName());
    }
    return super.write(name, content, options);
  }
}
