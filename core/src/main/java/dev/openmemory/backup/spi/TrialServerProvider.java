package dev.openmemory.backup.spi;

import dev.openmemory.backup.BackupException;

/**
 * Makes trial servers of one type. Found by {@link java.util.ServiceLoader}; needs a public
 * constructor without arguments and without side effects. Two providers of one type are an error
 * that names both.
 */
public interface TrialServerProvider {
  /** The type, as in {@link dev.openmemory.backup.drill.DrillRequest.Server}: {@code binary}. */
  String type();

  /**
   * Makes a server; touches nothing.
   *
   * @throws BackupException of kind {@code INVALID} or {@code UNSUPPORTED} when the options are not
   *     acceptable
   */
  TrialServer open(ProviderOptions options) throws BackupException;
}
