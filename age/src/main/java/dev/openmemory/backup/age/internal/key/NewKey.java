package dev.openmemory.backup.age.internal.key;

import dev.openmemory.backup.spi.encryption.Secret;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Makes keys. */
public final class NewKey {
  private NewKey() {}

  /** A key file as age-keygen writes it. */
  public static Secret file(Instant created) {
    PrivateKeyText key = PrivateKeyText.random();
    return Secret.of(
        "# created: "
            + created.truncatedTo(ChronoUnit.SECONDS)
            + "\n# public key: "
            + key.recipient()
            + "\n"
            + key.line()
            + "\n");
  }
}
