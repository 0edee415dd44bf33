package dev.openmemory.backup.source.directory;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.Facts;
import dev.openmemory.backup.Manifest.Component;
import dev.openmemory.backup.internal.qdrant.StorageArchive;
import dev.openmemory.backup.internal.qdrant.StorageLocks;
import dev.openmemory.backup.spi.BackupFiles;
import dev.openmemory.backup.spi.BackupSource;
import dev.openmemory.backup.spi.BackupSourceProvider;
import dev.openmemory.backup.spi.ProviderOptions;
import dev.openmemory.backup.spi.RunContext;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;

/**
 * Qdrant's storage directory on this host.
 *
 * <p>Options: {@code path}, required, is the directory; {@code allow-live} ({@code true} or {@code
 * false}, the default) is for callers that have stopped the writing themselves, such as by pausing
 * the container, and takes a storage that a process holds.
 *
 * <p>Facts: {@code collections}, the sorted names of the collections that Qdrant will load; {@code
 * files}; {@code directories}, without the root; {@code apparentBytes}, the lengths of the files
 * with their holes; of a live installation also {@code vectors}, the vectors config by collection.
 */
public final class DirectorySourceProvider implements BackupSourceProvider {
  static final String TYPE = "directory";
  static final String COMPONENT = Component.VECTORS;

  private static final String PATH = "path";
  private static final String ALLOW_LIVE = "allow-live";

  @Override
  public String type() {
    return TYPE;
  }

  @Override
  public String component() {
    return COMPONENT;
  }

  @Override
  public BackupSource open(ProviderOptions options) throws BackupException {
    options.allow(Set.of(PATH, ALLOW_LIVE));
    Path path = options.path(PATH).toAbsolutePath().normalize();
    return new DirectorySource(path, options.flag(ALLOW_LIVE, false), StorageLocks.TABLE);
  }

  @Override
  public Facts inspect(BackupFiles files, RunContext context) throws IOException {
    return StorageArchive.inspect(files, context);
  }
}
