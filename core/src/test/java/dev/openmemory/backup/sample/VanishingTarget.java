package dev.openmemory.backup.sample;

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
import java.util.function.Supplier;

/** From the first write of one file on every call fails, until it comes back. */
public final class VanishingTarget extends ForwardingBackupTarget {
  private final String file;
  private final Supplier<Exception> failure;
  private volatile boolean gone;

  /**
   * @param failure an {@link IOException} or unchecked
   */
  public VanishingTarget(BackupTarget target, String file, Supplier<Exception> failure) {
    super(target);
    this.file = file;
    this.failure = failure;
  }

  public void comeBack() {
    gone = false;
  }

  @Override
  public ObjectInfo write(ObjectName name, Content content, WriteOptions options)
      throws IOException {
    gone |= name.fileName().equals(file);
    requireHere();
    return super.write(name, content, options);
  }

  @Override
  public InputStream read(ObjectName name, long offset) throws IOException {
    requireHere();
    return super.read(name, offset);
  }

  @Override
  public Optional<ObjectInfo> stat(ObjectName name) throws IOException {
    requireHere();
    return super.stat(name);
  }

  @Override
  public List<ObjectInfo> list(String prefix) throws IOException {
    requireHere();
    return super.list(prefix);
  }

  @Override
  public void delete(ObjectName name) throws IOException {
    requireHere();
    super.delete(name);
  }

  private void requireHere() throws IOException {
    if (!gone) {
      return;
    }
    Exception thrown = failure.get();
    if (thrown instanceof RuntimeException unchecked) {
      throw unchecked;
    }
    throw (IOException) thrown;
  }
}
