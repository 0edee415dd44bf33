package dev.openmemory.backup.sample;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.Facts;
import dev.openmemory.backup.spi.BackupFiles;
import dev.openmemory.backup.spi.BackupSource;
import dev.openmemory.backup.spi.BackupSourceProvider;
import dev.openmemory.backup.spi.ProviderOptions;
import dev.openmemory.backup.spi.RunContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Map;
import java.util.Set;

/** Makes {@link WitnessSource}s. */
public abstract sealed class WitnessSourceProvider implements BackupSourceProvider {
  private final String type;
  private final boolean detached;

  private WitnessSourceProvider(String type, boolean detached) {
    this.type = type;
    this.detached = detached;
  }

  /** Of data that can only be read while it is held still. */
  public static final class Live extends WitnessSourceProvider {
    /** For {@link java.util.ServiceLoader}. */
    public Live() {
      super("live", false);
    }
  }

  /** Of data that is copied by the capture itself. */
  public static final class Detached extends WitnessSourceProvider {
    /** For {@link java.util.ServiceLoader}. */
    public Detached() {
      super("detached", true);
    }
  }

  @Override
  public String type() {
    return type;
  }

  @Override
  public String component() {
    return type;
  }

  @Override
  public BackupSource open(ProviderOptions options) throws BackupException {
    options.allow(Set.of("directory", "writers"));
    FileWriters writers = new FileWriters(options.path("writers"));
    return new WitnessSource(type, options.path("directory"), writers, detached);
  }

  @Override
  public Facts inspect(BackupFiles files, RunContext context) throws IOException {
    try (InputStream in = files.open(WitnessSource.fileName(type))) {
      return new Facts(Map.of("bytes", in.transferTo(OutputStream.nullOutputStream())));
    }
  }
}
