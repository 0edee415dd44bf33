package dev.openmemory.backup.spi;

import dev.openmemory.backup.BackupException;

/**
 * Makes controls of one type. Found by {@link java.util.ServiceLoader}; needs a public constructor
 * without arguments and without side effects. Two providers of one type are an error that names
 * both.
 */
public interface WriterControlProvider {
  /** The type, as in {@link dev.openmemory.backup.Installation.Writers}: {@code docker}. */
  String type();

  /**
   * Makes a control; touches nothing.
   *
   * @throws BackupException of kind {@code INVALID} or {@code UNSUPPORTED} when the options are not
   *     acceptable
   */
  WriterControl open(ProviderOptions options) throws BackupException;
}
