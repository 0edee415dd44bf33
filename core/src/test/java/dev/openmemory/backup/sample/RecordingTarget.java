package dev.openmemory.backup.sample;

import dev.openmemory.backup.ObjectName;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.spi.Content;
import dev.openmemory.backup.spi.ForwardingBackupTarget;
import dev.openmemory.backup.spi.ObjectInfo;
import dev.openmemory.backup.spi.WriteOptions;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/** Writes down which objects are written, read and deleted. */
public final class RecordingTarget extends ForwardingBackupTarget {
  private final List<String> writes = new ArrayList<>();
  private final List<String> reads = new ArrayList<>();
  private final List<String> deletes = new ArrayList<>();

  public RecordingTarget(BackupTarget target) {
    super(target);
  }

  public List<String> writes() {
    return writes;
  }

  public List<String> reads() {
    return reads;
  }

  public List<String> deletes() {
    return deletes;
  }

  public void forget() {
    writes.clear();
    reads.clear();
    deletes.clear();
  }

  @Override
  public ObjectInfo write(ObjectName name, Content content, WriteOptions options)
      throws IOException {
    writes.add(name.value());
    return delegate().write(name, content, options);
  }

  @Override
  public InputStream read(ObjectName name, long offset) throws IOException {
    reads.add(name.value());
    return delegate().read(name, offset);
  }

  @Override
  public void delete(ObjectName name) throws IOException {
    deletes.add(name.value());
    delegate().delete(name);
  }
}
