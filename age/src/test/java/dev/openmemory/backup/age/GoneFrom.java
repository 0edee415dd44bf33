package dev.openmemory.backup.age;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.ObjectName;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.spi.Content;
import dev.openmemory.backup.spi.ForwardingBackupTarget;
import dev.openmemory.backup.spi.ObjectInfo;
import dev.openmemory.backup.spi.WriteOptions;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** From one call on it does nothing any more: a kill, or a store that is gone. */
final class GoneFrom extends ForwardingBackupTarget {
  private final AtomicInteger calls;

  GoneFrom(BackupTarget delegate, int calls) {
    super(delegate);
    this.calls = new AtomicInteger(calls);
  }

  private void count() throws BackupException {
    if (calls.getAndDecrement() <= 0) {
      throw Kind.DENIED.failure("call", location(), "the store is gone");
    }
  }

  @Override
  public ObjectInfo write(ObjectName name, Content content, WriteOptions options)
      throws IOException {
    count();
    return super.write(name, content, options);
  }

  @Override
  public InputStream read(ObjectName name, long offset) throws IOException {
    count();
    return super.read(name, offset);
  }

  @Override
  public Optional<ObjectInfo> stat(ObjectName name) throws IOException {
    count();
    return super.stat(name);
  }

  @Override
  public List<ObjectInfo> list(String prefix) throws IOException {
    count();
    return super.list(prefix);
  }

  @Override
  public void delete(ObjectName name) throws IOException {
    count();
    super.delete(name);
  }
}
