package dev.openmemory.backup.internal.run;

import dev.openmemory.backup.spi.encryption.Decryptor;
import dev.openmemory.backup.spi.encryption.Encryptor;
import java.util.Optional;

/** What encrypts new backups, and what decrypts those that are read. */
public record Ciphers(Optional<Encryptor> encryptor, Optional<Decryptor> decryptor) {
  static final Ciphers NONE = new Ciphers(Optional.empty(), Optional.empty());

  Ciphers with(Encryptor changed) {
    return new Ciphers(Optional.of(changed), decryptor);
  }

  Ciphers with(Decryptor changed) {
    return new Ciphers(encryptor, Optional.of(changed));
  }
}
