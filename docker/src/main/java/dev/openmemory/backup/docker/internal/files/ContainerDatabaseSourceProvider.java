package dev.openmemory.backup.docker.internal.files;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.Facts;
import dev.openmemory.backup.Manifest.Component;
import dev.openmemory.backup.internal.sqlite.StagedDatabase;
import dev.openmemory.backup.spi.BackupFiles;
import dev.openmemory.backup.spi.BackupSource;
import dev.openmemory.backup.spi.BackupSourceProvider;
import dev.openmemory.backup.spi.ProviderOptions;
import dev.openmemory.backup.spi.RunContext;
import java.io.IOException;

/**
 * An SQLite database that only a container can reach. It is copied file by file, so the container
 * must be held or stopped meanwhile.
 *
 * <p>Options, all required: {@code engine}, the endpoint; {@code container}, its name; {@code
 * path}, of the database in it; {@code work}, the folder that keeps what a restore replaces.
 *
 * <p>Facts: those of the {@code sqlite} source.
 */
public final class ContainerDatabaseSourceProvider implements BackupSourceProvider {
  static final String COMPONENT = Component.DATABASE;

  @Override
  public String type() {
    return "sqlite-container";
  }

  @Override
  public String component() {
    return COMPONENT;
  }

  @Override
  public BackupSource open(ProviderOptions options) throws BackupException {
    return new ContainerDatabaseSource(ContainerFile.of(options));
  }

  @Override
  public Facts inspect(BackupFiles files, RunContext context) throws IOException {
    return StagedDatabase.inspect(files, context);
  }
}
