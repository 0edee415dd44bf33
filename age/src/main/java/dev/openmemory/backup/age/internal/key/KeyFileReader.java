package dev.openmemory.backup.age.internal.key;

import com.exceptionfactory.jagged.RecipientStanzaReader;
import com.exceptionfactory.jagged.x25519.X25519RecipientStanzaReaderFactory;
import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.age.internal.stanza.KeyRing;
import dev.openmemory.backup.age.internal.stanza.Passphrase;
import dev.openmemory.backup.age.internal.stream.AgeDecryptor;
import dev.openmemory.backup.age.internal.stream.Form;
import dev.openmemory.backup.internal.file.Boundary;
import dev.openmemory.backup.spi.encryption.KeyFile;
import dev.openmemory.backup.spi.encryption.PassphraseQuestion;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The private keys of a file. A passphrase is asked for at the first use, and once. */
public final class KeyFileReader implements KeyRing.Keys {
  private static final String OPERATION = "read key file";
  private static final int MOST_BYTES = 1 << 20;

  private final KeyFile file;
  private final PassphraseQuestion question;
  private @Nullable List<PrivateKeyText> keys;

  private KeyFileReader(KeyFile file, PassphraseQuestion question) {
    this.file = file;
    this.question = question;
  }

  /** Reads it at once, unless that takes a passphrase. */
  public static KeyFileReader of(KeyFile file, PassphraseQuestion question) throws BackupException {
    KeyFileReader reader = new KeyFileReader(file, question);
    if (!Form.isEncrypted(file.content().text())) {
      reader.keys();
    }
    return reader;
  }

  @Override
  public List<RecipientStanzaReader> readers() throws BackupException {
    List<RecipientStanzaReader> readers = new ArrayList<>();
    for (PrivateKeyText key : keys()) {
      try {
        readers.add(X25519RecipientStanzaReaderFactory.newRecipientStanzaReader(key.line()));
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("this JDK has no X25519", e);
      }
    }
    return readers;
  }

  /** The public keys, in the order of the file. */
  public List<String> recipients() throws BackupException {
    return keys().stream().map(PrivateKeyText::recipient).toList();
  }

  private synchronized List<PrivateKeyText> keys() throws BackupException {
    if (keys == null) {
      String text = file.content().text();
      keys = parsed(Form.isEncrypted(text) ? opened() : text);
    }
    return keys;
  }

  private String opened() throws BackupException {
    AgeDecryptor decryptor =
        new AgeDecryptor("age", new KeyRing(List.of(), new Passphrase(question)));
    try {
      return Boundary.call(OPERATION, file.name(), () -> text(decryptor));
    } catch (BackupException e) {
      if (e.kind() != Kind.CORRUPT) {
        throw e;
      }
      // Damage of the key file is no damage of a backup.
      throw Kind.INVALID.failure(OPERATION, file.name(), "the key file is damaged: " + e.fact(), e);
    }
  }

  private String text(AgeDecryptor decryptor) throws IOException {
    try (InputStream in =
        decryptor.decrypt(new ByteArrayInputStream(file.content().bytes()), file.name())) {
      return new String(in.readNBytes(MOST_BYTES), StandardCharsets.UTF_8);
    }
  }

  private List<PrivateKeyText> parsed(String text) throws BackupException {
    List<PrivateKeyText> found = new ArrayList<>();
    int number = 0;
    for (String line : text.lines().map(String::strip).toList()) {
      number++;
      if (!line.isEmpty() && !line.startsWith("#")) {
        found.add(parsed(line, number));
      }
    }
    if (found.isEmpty()) {
      throw Kind.INVALID.failure(OPERATION, file.name(), "it has no private key");
    }
    return found;
  }

  private PrivateKeyText parsed(String line, int number) throws BackupException {
    if (line.startsWith(PrivateKeyText.PREFIX)) {
      try {
        return PrivateKeyText.of(line);
      } catch (IllegalArgumentException e) {
        // Without the cause, which may repeat the line.
        throw invalid("the private key in line " + number + " is mistyped or cut off");
      }
    }
    if (line.startsWith("AGE-SECRET-KEY-PQ-")) {
      throw unsupported("a hybrid (post-quantum) key", number);
    }
    if (line.startsWith("AGE-PLUGIN-")) {
      throw unsupported("a key of an age plug-in", number);
    }
    if (line.contains("PRIVATE KEY")) {
      throw unsupported("an SSH key", number);
    }
    throw invalid(
        line.startsWith("age1")
            ? "line "
                + number
                + " is a public key, which opens nothing; name the file that"
                + " 'key generate' or 'age-keygen' has written"
            : "line " + number + " is no private key, which begins with " + PrivateKeyText.PREFIX);
  }

  private BackupException invalid(String fact) {
    return Kind.INVALID.failure(OPERATION, file.name(), fact);
  }

  private BackupException unsupported(String what, int line) {
    return Kind.UNSUPPORTED.failure(
        OPERATION, file.name(), "line " + line + " is " + what + ", which is not supported");
  }
}
