package dev.openmemory.backup.internal.plugin;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.spi.encryption.EncryptionScheme;

/** The schemes of encryption that can be used, by name. */
public record EncryptionPlugins(Plugins<EncryptionScheme> providers) {
  public static EncryptionPlugins load() {
    return new EncryptionPlugins(
        Plugins.load("encryption", EncryptionScheme.class, EncryptionScheme::name));
  }

  public EncryptionScheme require(String name) throws BackupException {
    return providers.require(name);
  }
}
