package dev.openmemory.backup.examples.spring;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupTargets;
import dev.openmemory.backup.ObjectName;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.spi.BackupTargetProvider;
import dev.openmemory.backup.spi.Content;
import dev.openmemory.backup.spi.ForwardingBackupTarget;
import dev.openmemory.backup.spi.ObjectInfo;
import dev.openmemory.backup.spi.ProviderOptions;
import dev.openmemory.backup.spi.WriteOptions;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** {@code watched:FOLDER}: a folder that notes what is done with it. */
public final class WatchedTargetProvider implements BackupTargetProvider {
  static final List<String> CALLS = new CopyOnWriteArrayList<>();
  static volatile Runnable beforeWriteOfBackup = () -> {};

  /** For {@link java.util.ServiceLoader}. */
  public WatchedTargetProvider() {}

  @Override
  public String scheme() {
    return "watched";
  }

  @Override
  public BackupTarget open(URI location, ProviderOptions options) throws BackupException {
    return new WatchedTarget(BackupTargets.open(Path.of(location.getPath())));
  }

  private static final class WatchedTarget extends ForwardingBackupTarget {
    WatchedTarget(BackupTarget folder) {
      super(folder);
    }

    @Override
    public ObjectInfo write(ObjectName name, Content content, WriteOptions options)
        throws IOException {
      if (name.value().contains("/")) {
        beforeWriteOfBackup.run();
      }
      try {
        return super.write(name, content, options);
      } finally {
        CALLS.add("write");
      }
    }

    @Override
    public void close() throws IOException {
      CALLS.add("close");
      super.close();
    }
  }
}
