package dev.openmemory.backup.source.config;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.Facts;
import dev.openmemory.backup.internal.config.ConfigDocument;
import dev.openmemory.backup.spi.BackupFiles;
import dev.openmemory.backup.spi.BackupSource;
import dev.openmemory.backup.spi.BackupSourceProvider;
import dev.openmemory.backup.spi.ProviderOptions;
import dev.openmemory.backup.spi.RunContext;
import java.io.IOException;
import java.util.Set;

/**
 * Backs up the configuration file byte for byte, also when it is not valid JSON.
 *
 * <p>Option: {@code path}, the file (required). Files over 16 MiB are {@code UNSUPPORTED}.
 *
 * <p>Facts: {@code json}, whether the file is valid JSON; {@code providers}, the provider, model
 * and dimensions of {@code llm} and {@code embedder} where they are given; {@code vectorStore}, the
 * provider and the collection of the vector store where they are given; {@code envReferences}, the
 * names of variables that it refers to; of a live installation also {@code envKeys}, the names in
 * the {@code .env} file of the same folder, and {@code emptyEnvKeys}, those of them without a
 * value.
 *
 * <p>Thread-safe.
 */
public final class ConfigSourceProvider implements BackupSourceProvider {
  @Override
  public String type() {
    return "config";
  }

  @Override
  public String component() {
    return ConfigSource.COMPONENT;
  }

  @Override
  public BackupSource open(ProviderOptions options) throws BackupException {
    options.allow(Set.of("path"));
    return new ConfigSource(options.path("path").toAbsolutePath());
  }

  @Override
  public Facts inspect(BackupFiles files, RunContext context) throws IOException {
    return ConfigDocument.parse(ConfigDocument.fetch(files, context)).facts();
  }
}
