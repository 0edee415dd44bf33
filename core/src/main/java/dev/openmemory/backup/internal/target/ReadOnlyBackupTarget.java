package dev.openmemory.backup.internal.target;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.ObjectName;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.spi.Content;
import dev.openmemory.backup.spi.ForwardingBackupTarget;
import dev.openmemory.backup.spi.ObjectInfo;
import dev.openmemory.backup.spi.SweepsLeftovers;
import dev.openmemory.backup.spi.WriteOptions;
import java.io.IOException;
import java.util.List;
import java.util.function.Predicate;

/**
 * Refuses everything that changes the store, for commands that only look. The sweep is a power of
 * this class so that no caller finds the one below it.
 */
final class ReadOnlyBackupTarget extends ForwardingBackupTarget implements SweepsLeftovers {
  ReadOnlyBackupTarget(BackupTarget delegate) {
    super(delegate);
  }

  @Override
  public ObjectInfo write(ObjectName name, Content content, WriteOptions options)
      throws IOException {
    throw denied("write", location() + "/" + name);
  }

  @Override
  public List<ObjectInfo> listFolders(String prefix) throws IOException {
    return delegate().listFolders(prefix);
  }

  @Override
  public List<ObjectInfo> listFolders(String prefix, Predicate<String> fileNames)
      throws IOException {
    return delegate().listFolders(prefix, fileNames);
  }

  @Override
  public void delete(ObjectName name) throws IOException {
    throw denied("delete", location() + "/" + name);
  }

  @Override
  public List<String> sweepLeftovers() throws IOException {
    throw denied("sweep", location());
  }

  private static BackupException denied(String operation, String location) {
    return Kind.DENIED.failure(operation, location, "opened for reading only");
  }
}
