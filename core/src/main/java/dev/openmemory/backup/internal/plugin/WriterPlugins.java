package dev.openmemory.backup.internal.plugin;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.Installation;
import dev.openmemory.backup.spi.ProviderOptions;
import dev.openmemory.backup.spi.WriterControl;
import dev.openmemory.backup.spi.WriterControlProvider;

/** The controls of writers that can be opened, by type. */
public record WriterPlugins(Plugins<WriterControlProvider> providers) {
  public static WriterPlugins load() {
    return new WriterPlugins(
        Plugins.load("writers", WriterControlProvider.class, WriterControlProvider::type));
  }

  public WriterControl open(Installation.Writers writers) throws BackupException {
    ProviderOptions options = new ProviderOptions(writers.type(), writers.options());
    return providers.require(writers.type()).open(options);
  }
}
