package dev.openmemory.backup.storage.local;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.spi.BackupTargetProvider;
import dev.openmemory.backup.spi.ProviderOptions;
import java.net.URI;
import java.nio.file.Path;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Directories of this host, by absolute URIs such as {@code file:/backups} or {@code
 * file:///backups}. There are no options.
 */
public final class LocalBackupTargetProvider implements BackupTargetProvider {
  @Override
  public String scheme() {
    return "file";
  }

  @Override
  public BackupTarget open(URI location, ProviderOptions options) throws BackupException {
    options.allow(Set.of());
    if (!scheme().equalsIgnoreCase(location.getScheme())) {
      throw invalid("the scheme is not 'file'", null);
    }
    if (location.isOpaque()) {
      throw invalid("the path is not absolute", null);
    }
    // The authority may hold a password, so no message repeats it.
    if (location.getRawAuthority() != null) {
      throw invalid("a host or user has no meaning for a local directory", null);
    }
    if (location.getRawQuery() != null || location.getRawFragment() != null) {
      throw invalid("a query or fragment has no meaning for a local directory", null);
    }
    try {
      return new LocalBackupTarget(Path.of(location));
    } catch (IllegalArgumentException e) {
      throw invalid("not the path of a directory: " + location.getPath(), e);
    }
  }

  private static BackupException invalid(String fact, @Nullable Throwable cause) {
    return Kind.INVALID.failure("open target", "file:", fact, cause);
  }
}
