package dev.openmemory.backup.cli.settings.encryption;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.encryption.EncryptionSchemes;
import dev.openmemory.backup.encryption.KeyFiles;
import dev.openmemory.backup.spi.encryption.Decryptor;
import dev.openmemory.backup.spi.encryption.KeyFile;
import dev.openmemory.backup.spi.encryption.PassphraseQuestion;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Files with private keys. They are read when something encrypted is, and not before. */
public final class Identities implements Decryptor {
  private final List<Path> files;
  private final PassphraseQuestion question;
  private @Nullable Decryptor decryptor;

  public Identities(List<Path> files, PassphraseQuestion question) {
    this.files = List.copyOf(files);
    this.question = question;
  }

  @Override
  public String scheme() {
    return EncryptionOptions.SCHEME;
  }

  @Override
  public InputStream decrypt(InputStream encrypted, String subject) throws IOException {
    return opened().decrypt(encrypted, subject);
  }

  private synchronized Decryptor opened() throws BackupException {
    if (decryptor == null) {
      List<KeyFile> keys = new ArrayList<>();
      for (Path file : files) {
        keys.add(KeyFiles.read(file));
      }
      decryptor = EncryptionSchemes.named(scheme()).decryptor(keys, question);
    }
    return decryptor;
  }
}
