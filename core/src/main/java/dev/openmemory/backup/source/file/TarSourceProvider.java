package dev.openmemory.backup.source.file;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.Facts;
import dev.openmemory.backup.internal.archive.StoredTar;
import dev.openmemory.backup.internal.archive.TarSummary;
import dev.openmemory.backup.spi.BackupFiles;
import dev.openmemory.backup.spi.BackupSource;
import dev.openmemory.backup.spi.BackupSourceProvider;
import dev.openmemory.backup.spi.ProviderOptions;
import dev.openmemory.backup.spi.RunContext;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** What the providers of files and folders share. */
abstract class TarSourceProvider implements BackupSourceProvider {
  private static final String PATH = "path";

  private final String component;

  TarSourceProvider(String component) {
    this.component = Objects.requireNonNull(component);
  }

  @Override
  public final String type() {
    return component;
  }

  @Override
  public final String component() {
    return component;
  }

  @Override
  public final BackupSource open(ProviderOptions options) throws BackupException {
    options.allow(Set.of(PATH));
    return new TarSource(component, selection(options.path(PATH).toAbsolutePath().normalize()));
  }

  @Override
  public final Facts inspect(BackupFiles files, RunContext context) throws IOException {
    return facts(StoredTar.in(files, tarOf(component)).inspect(context, name -> {}));
  }

  abstract Selection selection(Path path);

  static String tarOf(String component) {
    return component + ".tar";
  }

  static Facts facts(TarSummary summary) {
    return new Facts(
        Map.of(
            "files", summary.files(),
            "directories", summary.directories(),
            "apparentBytes", summary.apparentBytes()));
  }
}
