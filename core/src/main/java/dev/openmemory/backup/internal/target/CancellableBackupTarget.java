package dev.openmemory.backup.internal.target;

import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.Cancellation.Interruption;
import dev.openmemory.backup.ObjectName;
import dev.openmemory.backup.internal.file.Boundary;
import dev.openmemory.backup.internal.stream.block.BlockFilterInputStream;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.spi.Content;
import dev.openmemory.backup.spi.ForwardingBackupTarget;
import dev.openmemory.backup.spi.ObjectInfo;
import dev.openmemory.backup.spi.WriteOptions;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Ends the calls of a store on request, also while the store or its client library waits. A call
 * that begins after the request is not ended, so that what is half done can be removed.
 */
final class CancellableBackupTarget extends ForwardingBackupTarget {
  private final Cancellation cancellation;

  CancellableBackupTarget(BackupTarget delegate, Cancellation cancellation) {
    super(delegate);
    this.cancellation = cancellation;
  }

  @Override
  public ObjectInfo write(ObjectName name, Content content, WriteOptions options)
      throws IOException {
    return interruptible(() -> delegate().write(name, content, options));
  }

  @Override
  public InputStream read(ObjectName name, long offset) throws IOException {
    return new InterruptibleStream(interruptible(() -> delegate().read(name, offset)));
  }

  @Override
  public Optional<ObjectInfo> stat(ObjectName name) throws IOException {
    return interruptible(() -> delegate().stat(name));
  }

  @Override
  public List<ObjectInfo> list(String prefix) throws IOException {
    return interruptible(() -> delegate().list(prefix));
  }

  @Override
  public List<ObjectInfo> listFolders(String prefix) throws IOException {
    return interruptible(() -> delegate().listFolders(prefix));
  }

  @Override
  public List<ObjectInfo> listFolders(String prefix, Predicate<String> fileNames)
      throws IOException {
    return interruptible(() -> delegate().listFolders(prefix, fileNames));
  }

  @Override
  public void delete(ObjectName name) throws IOException {
    interruptible(
        () -> {
          delegate().delete(name);
          return name;
        });
  }

  @SuppressWarnings("try")
  private <T> T interruptible(Boundary.Call<T> call) throws IOException {
    try (Interruption ends = cancellation.interruptCaller()) {
      return call.run();
    }
  }

  private final class InterruptibleStream extends BlockFilterInputStream {
    InterruptibleStream(InputStream in) {
      super(in);
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      return interruptible(() -> in.read(buffer, offset, length));
    }
  }
}
