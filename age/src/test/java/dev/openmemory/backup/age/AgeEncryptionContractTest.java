package dev.openmemory.backup.age;

import dev.openmemory.backup.spi.encryption.EncryptionScheme;
import dev.openmemory.backup.testkit.EncryptionContract;

class AgeEncryptionContractTest extends EncryptionContract {
  @Override
  protected EncryptionScheme scheme() {
    return new AgeEncryptionScheme(10);
  }

  @Override
  protected String unsupportedRecipient() {
    return "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAILkRSTxpsYPHAMJ6nlAcDsfSWUaClvf4vPkNhpYqQNn8";
  }
}
