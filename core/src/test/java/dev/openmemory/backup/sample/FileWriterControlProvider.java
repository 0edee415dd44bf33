package dev.openmemory.backup.sample;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.spi.ProviderOptions;
import dev.openmemory.backup.spi.WriterControl;
import dev.openmemory.backup.spi.WriterControlProvider;
import java.util.Set;

/** Makes {@link FileWriterControl}s. */
public final class FileWriterControlProvider implements WriterControlProvider {
  /** For {@link java.util.ServiceLoader}. */
  public FileWriterControlProvider() {}

  @Override
  public String type() {
    return "files";
  }

  @Override
  public WriterControl open(ProviderOptions options) throws BackupException {
    options.allow(Set.of("path"));
    return new FileWriterControl(new FileWriters(options.path("path")));
  }
}
