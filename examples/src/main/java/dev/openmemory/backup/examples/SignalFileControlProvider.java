package dev.openmemory.backup.examples;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.spi.ProviderOptions;
import dev.openmemory.backup.spi.WriterControl;
import dev.openmemory.backup.spi.WriterControlProvider;
import java.net.URI;
import java.util.Set;

/** Makes {@link SignalFileControl}s; named in META-INF/services, so that the engine finds it. */
public final class SignalFileControlProvider implements WriterControlProvider {
  /** For {@link java.util.ServiceLoader}. */
  public SignalFileControlProvider() {}

  @Override
  public String type() {
    return "signal-file";
  }

  @Override
  public WriterControl open(ProviderOptions options) throws BackupException {
    options.allow(Set.of("folder", "qdrant"));
    URI qdrant = URI.create(options.text("qdrant").orElse("http://localhost:6333"));
    return new SignalFileControl(options.path("folder"), qdrant);
  }
}
