package dev.openmemory.backup;

import dev.openmemory.backup.internal.plugin.TargetPlugins;
import dev.openmemory.backup.spi.BackupTarget;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

/**
 * Opens targets through the {@link dev.openmemory.backup.spi.BackupTargetProvider}s on the class
 * path.
 */
public final class BackupTargets {
  private BackupTargets() {}

  /** A local directory; it need not exist yet. */
  public static BackupTarget open(Path directory) throws BackupException {
    return open(directory.toAbsolutePath().normalize().toUri().toString(), Map.of());
  }

  /**
   * The target of a URI such as {@code s3://bucket/prefix?region=eu-west-1}, or of a path of this
   * host.
   *
   * @param location a URI with a known scheme, its query being options; or a path
   * @param options further options by name; those of the query win
   * @throws BackupException of kind {@code INVALID} when it is neither, {@code UNSUPPORTED} when no
   *     provider has the scheme
   */
  public static BackupTarget open(String location, Map<String, String> options)
      throws BackupException {
    return TargetPlugins.load().open(location, options);
  }

  /**
   * What can be set for the targets of each URI scheme on the class path. Opens nothing.
   *
   * @return the names of the options by scheme, both in lower case
   */
  public static Map<String, Set<String>> options() {
    return TargetPlugins.load().options();
  }
}
