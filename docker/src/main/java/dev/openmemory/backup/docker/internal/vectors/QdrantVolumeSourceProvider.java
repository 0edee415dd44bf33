package dev.openmemory.backup.docker.internal.vectors;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.Facts;
import dev.openmemory.backup.Manifest.Component;
import dev.openmemory.backup.internal.qdrant.StorageArchive;
import dev.openmemory.backup.spi.BackupFiles;
import dev.openmemory.backup.spi.BackupSource;
import dev.openmemory.backup.spi.BackupSourceProvider;
import dev.openmemory.backup.spi.ProviderOptions;
import dev.openmemory.backup.spi.RunContext;
import java.io.IOException;

/**
 * The storage of a Qdrant in a container: in a volume, in a folder of the host, or in the
 * container's own layer, whichever Qdrant really writes to.
 *
 * <p>Options: {@code engine}, the endpoint (required); {@code container}, Qdrant's name, and {@code
 * path}, where it stores (default {@code /qdrant/storage}); {@code volume}, the name of a volume;
 * one of container and volume at least; {@code project}, the compose project of a volume that has
 * to be created; {@code work}, the folder that keeps what a restore replaces (required); {@code
 * api-key-file}, which holds the key of Qdrant where the environment of its container does not.
 *
 * <p>Where the engine is of this host and the storage may be read by this process, its directory is
 * read and exchanged directly; otherwise through the engine.
 *
 * <p>Facts: those of the {@code directory} source; of a live installation also {@code from}, where
 * the data lives; {@code read}, {@code directory} or {@code engine}; {@code volume}, {@code
 * container}, {@code image}, {@code imageDigest} where they apply.
 */
public final class QdrantVolumeSourceProvider implements BackupSourceProvider {
  static final String COMPONENT = Component.VECTORS;

  @Override
  public String type() {
    return "qdrant-volume";
  }

  @Override
  public String component() {
    return COMPONENT;
  }

  @Override
  public BackupSource open(ProviderOptions options) throws BackupException {
    return new QdrantVolumeSource(VectorsOptions.of(options));
  }

  @Override
  public Facts inspect(BackupFiles files, RunContext context) throws IOException {
    return StorageArchive.inspect(files, context);
  }
}
