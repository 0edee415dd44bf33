package dev.openmemory.backup.internal.drill;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.spi.ProviderOptions;
import dev.openmemory.backup.spi.TrialServer;
import dev.openmemory.backup.spi.TrialServerProvider;
import java.util.Set;

/**
 * A Qdrant that is a process of this host.
 *
 * <p>Options: {@code path}, required, is its program.
 */
public final class BinaryServerProvider implements TrialServerProvider {
  private static final String PATH = "path";

  @Override
  public String type() {
    return "binary";
  }

  @Override
  public TrialServer open(ProviderOptions options) throws BackupException {
    options.allow(Set.of(PATH));
    return new BinaryServer(options.path(PATH).toAbsolutePath().normalize());
  }
}
