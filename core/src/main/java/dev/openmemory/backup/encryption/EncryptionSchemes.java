package dev.openmemory.backup.encryption;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.internal.plugin.EncryptionPlugins;
import dev.openmemory.backup.spi.encryption.EncryptionScheme;

/** Finds the {@link EncryptionScheme}s on the class path. */
public final class EncryptionSchemes {
  private EncryptionSchemes() {}

  /**
   * The scheme of that name, such as {@code age}.
   *
   * @throws BackupException of kind {@code UNSUPPORTED} when no plug-in has it, or several have
   */
  public static EncryptionScheme named(String name) throws BackupException {
    return EncryptionPlugins.load().require(name);
  }
}
