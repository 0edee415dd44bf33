package dev.openmemory.backup.docker.internal;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.docker.internal.connect.Endpoint;
import dev.openmemory.backup.spi.ProviderOptions;

/** The option {@code engine}, which all plug-ins here have: the key of an {@link Endpoint}. */
public final class EngineOption {
  public static final String NAME = "engine";

  private EngineOption() {}

  /**
   * The endpoint.
   *
   * @throws BackupException of kind {@code INVALID} when it is not given
   */
  public static Endpoint of(ProviderOptions options) throws BackupException {
    return options
        .text(NAME)
        .map(Endpoint::parse)
        .orElseThrow(
            () ->
                Kind.INVALID.failure(
                    "options of " + options.owner(), "", "'" + NAME + "' is required"));
  }
}
