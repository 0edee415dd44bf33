package dev.openmemory.backup.docker.internal.files;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.Facts;
import dev.openmemory.backup.Manifest.Component;
import dev.openmemory.backup.internal.config.ConfigDocument;
import dev.openmemory.backup.spi.BackupFiles;
import dev.openmemory.backup.spi.BackupSource;
import dev.openmemory.backup.spi.BackupSourceProvider;
import dev.openmemory.backup.spi.ProviderOptions;
import dev.openmemory.backup.spi.RunContext;
import java.io.IOException;

/**
 * A configuration that only a container can reach, byte for byte.
 *
 * <p>Options, all required: {@code engine}, the endpoint; {@code container}, its name; {@code
 * path}, of the file in it; {@code work}, the folder that keeps what a restore replaces.
 *
 * <p>Facts: those of the {@code config} source, without {@code envKeys} and {@code emptyEnvKeys}.
 */
public final class ContainerConfigSourceProvider implements BackupSourceProvider {
  static final String COMPONENT = Component.CONFIG;

  @Override
  public String type() {
    return "config-container";
  }

  @Override
  public String component() {
    return COMPONENT;
  }

  @Override
  public BackupSource open(ProviderOptions options) throws BackupException {
    return new ContainerConfigSource(ContainerFile.of(options));
  }

  @Override
  public Facts inspect(BackupFiles files, RunContext context) throws IOException {
    return ConfigDocument.parse(ConfigDocument.fetch(files, context)).facts();
  }
}
