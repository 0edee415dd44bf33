package dev.openmemory.backup.spi;

import dev.openmemory.backup.BackupException;
import java.net.URI;
import java.util.Set;

/**
 * Makes targets of one URI scheme. Found by {@link java.util.ServiceLoader}; needs a public
 * constructor without arguments and without side effects. Two providers of one scheme are an error
 * that names both.
 */
public interface BackupTargetProvider {
  /** The URI scheme in lower case: {@code file}, {@code s3}, {@code sftp}. */
  String scheme();

  /**
   * The names of all options that {@link #open} accepts. Options that end in {@code -file} name
   * files of this host. None unless overridden.
   */
  default Set<String> options() {
    return Set.of();
  }

  /**
   * Makes a target for the place; connects as late as it can.
   *
   * @param location without query; a password in it is refused
   * @param options the URI's query and the settings of this scheme
   * @throws BackupException of kind {@code INVALID} or {@code UNSUPPORTED} when location or options
   *     are not acceptable
   */
  BackupTarget open(URI location, ProviderOptions options) throws BackupException;
}
