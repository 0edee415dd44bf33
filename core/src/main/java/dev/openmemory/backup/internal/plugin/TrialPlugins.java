package dev.openmemory.backup.internal.plugin;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.drill.DrillRequest;
import dev.openmemory.backup.spi.ProviderOptions;
import dev.openmemory.backup.spi.TrialServer;
import dev.openmemory.backup.spi.TrialServerProvider;

/** The trial servers that can be opened, by type. */
public record TrialPlugins(Plugins<TrialServerProvider> providers) {
  public static TrialPlugins load() {
    return new TrialPlugins(
        Plugins.load("trial server", TrialServerProvider.class, TrialServerProvider::type));
  }

  public TrialServer open(DrillRequest.Server server) throws BackupException {
    ProviderOptions options = new ProviderOptions(server.type(), server.options());
    return providers.require(server.type()).open(options);
  }
}
