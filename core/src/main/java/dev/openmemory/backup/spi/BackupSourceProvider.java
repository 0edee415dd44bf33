package dev.openmemory.backup.spi;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.Facts;
import java.io.IOException;

/**
 * Makes sources of one type and understands their files. Found by {@link java.util.ServiceLoader};
 * needs a public constructor without arguments and without side effects. Two providers of one type
 * are an error that names both.
 */
public interface BackupSourceProvider {
  /** The type, as it stands in the manifest: {@code sqlite}, {@code config}, {@code directory}. */
  String type();

  /**
   * The part of an installation that this is: {@code database}, {@code config}, {@code vectors} or
   * a name of its own.
   */
  String component();

  /**
   * Makes a source; touches nothing.
   *
   * @throws BackupException of kind {@code INVALID} or {@code UNSUPPORTED} when the options are not
   *     acceptable
   */
  BackupSource open(ProviderOptions options) throws BackupException;

  /**
   * Reads all files of a component to their ends and checks their structure.
   *
   * @return the facts that the files themselves tell
   * @throws BackupException of kind {@code CORRUPT} naming the check that failed
   */
  Facts inspect(BackupFiles files, RunContext context) throws IOException;
}
