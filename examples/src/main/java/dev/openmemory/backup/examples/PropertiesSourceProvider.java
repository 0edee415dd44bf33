package dev.openmemory.backup.examples;

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

/** Makes {@link PropertiesSource}s; named in META-INF/services, so that the engine finds it. */
public final class PropertiesSourceProvider implements BackupSourceProvider {
  /** For {@link java.util.ServiceLoader}. */
  public PropertiesSourceProvider() {}

  @Override
  public String type() {
    return "properties";
  }

  @Override
  public String component() {
    return Component.CONFIG;
  }

  @Override
  public BackupSource open(ProviderOptions options) throws BackupException {
    options.allow(Set.of("file"));
    return new PropertiesSource(options.path("file"));
  }

  @Override
  public Facts inspect(BackupFiles files, RunContext context) throws IOException {
    return PropertiesSource.facts(PropertiesSource.stored(files, context));
  }
}
