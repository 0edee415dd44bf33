package dev.openmemory.backup.age;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.age.internal.key.KeyFileReader;
import dev.openmemory.backup.age.internal.key.NewKey;
import dev.openmemory.backup.age.internal.key.Recipients;
import dev.openmemory.backup.age.internal.stanza.KeyRing;
import dev.openmemory.backup.age.internal.stanza.Passphrase;
import dev.openmemory.backup.age.internal.stream.AgeDecryptor;
import dev.openmemory.backup.age.internal.stream.AgeEncryptor;
import dev.openmemory.backup.age.internal.stream.Form;
import dev.openmemory.backup.internal.file.Boundary;
import dev.openmemory.backup.spi.encryption.Decryptor;
import dev.openmemory.backup.spi.encryption.EncryptionScheme;
import dev.openmemory.backup.spi.encryption.Encryptor;
import dev.openmemory.backup.spi.encryption.KeyFile;
import dev.openmemory.backup.spi.encryption.PassphraseQuestion;
import dev.openmemory.backup.spi.encryption.Secret;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The format of the program age, version 1: X25519 keys, and passphrases. What it writes, {@code
 * age} opens, and the reverse. It reads armor too. Passphrases take 256 MiB of memory.
 */
public final class AgeEncryptionScheme implements EncryptionScheme {
  private static final String NAME = "age";

  /** As the program age has it: about a second, and 256 MiB. */
  private static final int WORK_FACTOR = 18;

  private final int workFactor;

  /** Found by {@link java.util.ServiceLoader}. */
  public AgeEncryptionScheme() {
    this(WORK_FACTOR);
  }

  /** With passphrases that take less time. */
  AgeEncryptionScheme(int workFactor) {
    this.workFactor = workFactor;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Encryptor encryptor(List<String> recipients) throws BackupException {
    return new AgeEncryptor(NAME, List.copyOf(recipients), Recipients.writers(recipients));
  }

  @Override
  public Encryptor encryptor(Secret passphrase) throws BackupException {
    return new AgeEncryptor(NAME, List.of(), List.of(Passphrase.writer(passphrase, workFactor)));
  }

  @Override
  public Decryptor decryptor(List<KeyFile> keys, PassphraseQuestion question)
      throws BackupException {
    List<KeyRing.Keys> readers = new ArrayList<>();
    for (KeyFile key : keys) {
      readers.add(KeyFileReader.of(key, question));
    }
    return new AgeDecryptor(NAME, new KeyRing(readers, new Passphrase(question)));
  }

  @Override
  public Secret newKeyFile(Instant created) {
    return NewKey.file(created);
  }

  @Override
  public Secret protect(Secret keyFile, Secret passphrase) throws BackupException {
    Encryptor encryptor = encryptor(passphrase);
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    Boundary.step(
        "protect key", "", () -> encryptor.encrypt(out -> out.write(keyFile.bytes()), file));
    return Secret.of(Form.armored(file.toByteArray()));
  }

  @Override
  public List<String> recipients(KeyFile key, PassphraseQuestion question) throws BackupException {
    return KeyFileReader.of(key, question).recipients();
  }
}
