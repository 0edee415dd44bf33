package dev.openmemory.backup.internal.plugin;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.Installation;
import dev.openmemory.backup.spi.BackupSource;
import dev.openmemory.backup.spi.BackupSourceProvider;
import dev.openmemory.backup.spi.ProviderOptions;
import java.util.Optional;

/** The sources that can be opened, by type. */
public record SourcePlugins(Plugins<BackupSourceProvider> providers) {
  public static SourcePlugins load() {
    return new SourcePlugins(
        Plugins.load("source", BackupSourceProvider.class, BackupSourceProvider::type));
  }

  /** The component that the part is of. */
  public String component(Installation.Part part) throws BackupException {
    return providers.require(part.type()).component();
  }

  public BackupSource open(Installation.Part part) throws BackupException {
    return providers.require(part.type()).open(new ProviderOptions(part.type(), part.options()));
  }

  /** The provider of the type, if one is there. */
  public Optional<BackupSourceProvider> find(String type) {
    return Optional.ofNullable(providers.find(type));
  }
}
