package dev.openmemory.backup.internal.run;

import dev.openmemory.backup.signature.AllowedSigners;
import dev.openmemory.backup.signature.SigningKey;
import dev.openmemory.backup.spi.encryption.Decryptor;
import dev.openmemory.backup.spi.encryption.Encryptor;
import java.util.Optional;

/**
 * What encrypts and signs new backups, and what decrypts backups that are read.
 *
 * @param signers if given, a backup that none of them has signed is damaged
 */
public record Keys(
    Optional<Encryptor> encryptor,
    Optional<Decryptor> decryptor,
    Optional<SigningKey> signer,
    Optional<AllowedSigners> signers) {
  static final Keys NONE =
      new Keys(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

  Keys with(Encryptor changed) {
    return new Keys(Optional.of(changed), decryptor, signer, signers);
  }

  Keys with(Decryptor changed) {
    return new Keys(encryptor, Optional.of(changed), signer, signers);
  }

  Keys withoutDecryptor() {
    return new Keys(encryptor, Optional.empty(), signer, signers);
  }

  Keys with(SigningKey changed) {
    return new Keys(encryptor, decryptor, Optional.of(changed), signers);
  }

  Keys with(AllowedSigners changed) {
    return new Keys(encryptor, decryptor, signer, Optional.of(changed));
  }
}
