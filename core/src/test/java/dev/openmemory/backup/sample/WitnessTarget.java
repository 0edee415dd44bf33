package dev.openmemory.backup.sample;

import dev.openmemory.backup.ObjectName;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.spi.Content;
import dev.openmemory.backup.spi.ForwardingBackupTarget;
import dev.openmemory.backup.spi.ObjectInfo;
import dev.openmemory.backup.spi.ReportsSpace;
import dev.openmemory.backup.spi.WriteOptions;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Notes in which states the writers are when data is stored, and the calls while one is held. */
public final class WitnessTarget extends ForwardingBackupTarget implements ReportsSpace {
  private final FileWriters writers;
  private long usable = Long.MAX_VALUE;
  private final List<String> whileHeld = new ArrayList<>();

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
    note("write " + name.fileName());
    return super.write(name, content, options);
  }

  /** What was asked of the target while a writer was held. */
  public List<String> whileHeld() {
    return whileHeld;
  }

  public void leaveRoomFor(long bytes) {
    usable = bytes;
  }

  private void note(String call) throws IOException {
    for (String writer : WitnessedInstallation.RUNNING) {
      if (writers.exists(writer) && !writers.state(writer).equals(FileWriters.RUNNING)) {
        whileHeld.add(call);
        return;
      }
    }
  }

  @Override
  public InputStream read(ObjectName name, long offset) throws IOException {
    note("read");
    return super.read(name, offset);
  }

  @Override
  public Optional<ObjectInfo> stat(ObjectName name) throws IOException {
    note("stat");
    return super.stat(name);
  }

  @Override
  public List<ObjectInfo> list(String prefix) throws IOException {
    note("list");
    return super.list(prefix);
  }

  @Override
  public void delete(ObjectName name) throws IOException {
    note("delete");
    super.delete(name);
  }

  @Override
  public long usableBytes() throws IOException {
    note("usableBytes");
    return usable;
  }
}
