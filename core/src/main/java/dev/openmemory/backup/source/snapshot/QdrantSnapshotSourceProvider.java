package dev.openmemory.backup.source.snapshot;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.Facts;
import dev.openmemory.backup.Manifest.Component;
import dev.openmemory.backup.spi.BackupFiles;
import dev.openmemory.backup.spi.BackupSource;
import dev.openmemory.backup.spi.BackupSourceProvider;
import dev.openmemory.backup.spi.ProviderOptions;
import dev.openmemory.backup.spi.RunContext;
import java.io.IOException;
import java.util.Set;

/**
 * The collections of a running Qdrant, as snapshots that it makes and takes back itself.
 *
 * <p>Options: {@code urls}, required, are the addresses of its nodes, separated by commas, as a
 * rule one; {@code api-key-file} names the file with its key, {@code api-key-variable} the
 * environment variable (if that is set); {@code work}, required for a restore, is a folder of this
 * host in which the state from before is kept; {@code replace-collections} ({@code true} or {@code
 * false}, the default) has a collection of another vectors config deleted for the restored one;
 * {@code any-version} ({@code false}) takes snapshots of a version that Qdrant does not promise to
 * take.
 *
 * <p>With {@code folder} instead of {@code urls}, the snapshots are put into a folder, and no
 * server is asked.
 *
 * <p>Facts: {@code collections}, {@code points} (exact, by collection), {@code qdrantVersion},
 * {@code vectors} (the vectors config by collection), {@code aliases}, {@code snapshots} (files by
 * collection), {@code from}, the address without key.
 */
public final class QdrantSnapshotSourceProvider implements BackupSourceProvider {
  static final String TYPE = "qdrant-snapshot";
  static final String COMPONENT = Component.VECTORS;

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
    if (options.text("folder").isPresent()) {
      options.allow(Set.of("folder"));
      return new SnapshotFolderSource(options.path("folder").toAbsolutePath().normalize());
    }
    options.allow(ServerOptions.NAMES);
    return new QdrantSnapshotSource(ServerOptions.of(options));
  }

  @Override
  public Facts inspect(BackupFiles files, RunContext context) throws IOException {
    return StoredSnapshots.in(files).inspect(context.cancellation());
  }
}
