package dev.openmemory.backup.docker.internal.trial;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.docker.internal.EngineOption;
import dev.openmemory.backup.spi.ProviderOptions;
import dev.openmemory.backup.spi.TrialServer;
import dev.openmemory.backup.spi.TrialServerProvider;
import java.util.Set;

/**
 * A Qdrant in a container of an engine on this host.
 *
 * <p>Options: {@code engine}, the endpoint (required); {@code image}, instead of the one that the
 * backup names; {@code pull} ({@code true} or {@code false}, the default), whether one that is
 * missing may be fetched.
 */
public final class ContainerServerProvider implements TrialServerProvider {
  /** As in {@link dev.openmemory.backup.drill.DrillRequest.Server}. */
  public static final String TYPE = "docker";

  public static final String IMAGE = "image";

  public static final String PULL = "pull";

  @Override
  public String type() {
    return TYPE;
  }

  @Override
  public TrialServer open(ProviderOptions options) throws BackupException {
    options.allow(Set.of(EngineOption.NAME, IMAGE, PULL));
    return new ContainerServer(
        EngineOption.of(options), new ImageChoice(options.text(IMAGE), options.flag(PULL, false)));
  }
}
