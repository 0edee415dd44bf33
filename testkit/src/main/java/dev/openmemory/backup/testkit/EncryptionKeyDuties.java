package dev.openmemory.backup.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.spi.encryption.Decryptor;
import dev.openmemory.backup.spi.encryption.EncryptionScheme;
import dev.openmemory.backup.spi.encryption.Encryptor;
import dev.openmemory.backup.spi.encryption.KeyFile;
import dev.openmemory.backup.spi.encryption.PassphraseQuestion;
import dev.openmemory.backup.spi.encryption.Secret;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** The duties of {@link EncryptionScheme} about keys and passphrases. */
abstract class EncryptionKeyDuties {
  static final Secret PASSPHRASE = Secret.of("correct horse battery");
  static final int CHUNK = 64 * 1024;
  static final String SUBJECT = "backups/a/file";

  final KeyFile key = newKey("first.key");
  final KeyFile other = newKey("second.key");

  /** The scheme; asked for once a test. */
  protected abstract EncryptionScheme scheme();

  /** A recipient that is well-formed and of a kind that the scheme does not know. */
  protected abstract String unsupportedRecipient();

  @Test
  @Duty("X1")
  final void eachRecipientOpensWhatWasEncryptedToSeveral() throws Exception {
    Encryptor encryptor = scheme().encryptor(List.of(recipient(key), recipient(other)));
    assertThat(encryptor.recipients()).containsExactly(recipient(key), recipient(other));
    assertThat(encryptor.scheme()).isEqualTo(scheme().name());
    assertThat(decryptor(key).scheme()).isEqualTo(scheme().name());

    for (int size : new int[] {0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK}) {
      byte[] plain = bytes(size);
      byte[] encrypted = encrypted(encryptor, plain);
      assertThat(plain(decryptor(key), encrypted)).isEqualTo(plain);
      assertThat(plain(decryptor(other), encrypted)).isEqualTo(plain);
      assertThat(encrypted(encryptor, plain)).isNotEqualTo(encrypted);
    }
  }

  @Test
  @Duty("X1")
  final void aPassphraseOpensWhatWasEncryptedToIt() throws Exception {
    Encryptor encryptor = scheme().encryptor(PASSPHRASE);
    assertThat(encryptor.recipients()).isEmpty();
    byte[] encrypted = encrypted(encryptor, bytes(100));

    assertThat(plain(scheme().decryptor(List.of(key), about -> PASSPHRASE), encrypted))
        .isEqualTo(bytes(100));
  }

  @Test
  @Duty("X2")
  final void anotherKeyOrPassphraseIsAWrongKey() throws Exception {
    byte[] toKey = encrypted(toKey(), bytes(100));
    byte[] toPassphrase = encrypted(scheme().encryptor(PASSPHRASE), bytes(100));
    Decryptor guessing = scheme().decryptor(List.of(key), about -> Secret.of("guessed"));

    assertFails(Kind.WRONG_KEY, () -> plain(decryptor(other), toKey));
    assertFails(Kind.WRONG_KEY, () -> plain(guessing, toPassphrase));
  }

  @Test
  @Duty("X3")
  final void noKeyAtAllIsNotAWrongKey() throws Exception {
    byte[] toKey = encrypted(toKey(), bytes(100));
    byte[] toPassphrase = encrypted(scheme().encryptor(PASSPHRASE), bytes(100));

    assertFails(Kind.NO_KEY, () -> plain(decryptor(), toKey));
    assertFails(Kind.NO_KEY, () -> plain(decryptor(key), toPassphrase));
  }

  @Test
  @Duty("X7")
  final void aProtectedKeyFileAsksForItsPassphraseOnceAndWhenItIsNeeded() throws Exception {
    String comment = " " + recipient(key);
    assertThat(key.content().text().lines())
        .anyMatch(line -> line.startsWith("#") && line.endsWith(comment));
    KeyFile locked = new KeyFile("locked.key", scheme().protect(key.content(), PASSPHRASE));
    byte[] encrypted = encrypted(toKey(), bytes(10));
    List<String> asked = new ArrayList<>();
    PassphraseQuestion question =
        about -> {
          asked.add(about);
          return PASSPHRASE;
        };

    Decryptor decryptor = scheme().decryptor(List.of(locked), question);
    assertThat(asked).isEmpty();
    assertThat(plain(decryptor, encrypted)).isEqualTo(bytes(10));
    assertThat(plain(decryptor, encrypted)).isEqualTo(bytes(10));

    assertThat(asked).containsExactly("locked.key");
    assertThat(scheme().recipients(locked, question)).containsExactly(recipient(key));
    assertFails(Kind.WRONG_KEY, () -> scheme().recipients(locked, about -> Secret.of("guessed")));
    assertFails(Kind.NO_KEY, () -> plain(decryptor(locked), encrypted));
  }

  @Test
  @Duty("X8")
  final void aMistypedKeyIsInvalidAndOneOfAnotherKindIsUnsupported() throws Exception {
    String mistyped = recipient(key).substring(0, recipient(key).length() - 1);

    assertFails(Kind.INVALID, () -> scheme().encryptor(List.of(recipient(other), mistyped)));
    assertFails(Kind.INVALID, () -> scheme().encryptor(List.of("")));
    assertFails(Kind.INVALID, () -> scheme().encryptor(List.of()));
    assertFails(Kind.INVALID, () -> scheme().encryptor(Secret.of("")));
    assertFails(Kind.UNSUPPORTED, () -> scheme().encryptor(List.of(unsupportedRecipient())));
    for (String content : List.of("", "# a comment\n", "something else\n", recipient(key))) {
      assertFails(Kind.INVALID, () -> decryptor(new KeyFile("a.key", Secret.of(content))));
    }
  }

  @Test
  @Duty("X9")
  final void noSecretIsInAFailureOrAText() throws Exception {
    String secret = privateLine();
    String mistyped = secret.substring(0, secret.length() - 1);
    byte[] encrypted = encrypted(toKey(), bytes(10));
    byte[] toPassphrase = encrypted(scheme().encryptor(PASSPHRASE), bytes(10));
    List<Throwable> failures =
        Stream.<ThrowingCallable>of(
                () -> decryptor(new KeyFile("a.key", Secret.of(mistyped))),
                () -> scheme().encryptor(List.of(secret)),
                () -> scheme().encryptor(List.of(mistyped)),
                () -> plain(decryptor(other), encrypted),
                () -> plain(decryptor(key), toPassphrase))
            .map(Assertions::catchThrowable)
            .toList();

    assertThat(failures).doesNotContainNull();
    Stream<Object> shown =
        Stream.of(
            key,
            PASSPHRASE,
            toKey(),
            scheme().encryptor(PASSPHRASE),
            decryptor(key),
            scheme().decryptor(List.of(), about -> PASSPHRASE));
    assertThat(Stream.concat(shown.map(Object::toString), failures.stream().map(this::all)))
        .noneMatch(text -> text.toUpperCase(Locale.ROOT).contains(mistyped))
        .noneMatch(text -> text.contains(PASSPHRASE.text()));
  }

  private String all(Throwable failure) {
    StringBuilder text = new StringBuilder();
    for (Throwable at = failure; at != null; at = at.getCause()) {
      text.append(at);
    }
    return text.toString();
  }

  private String privateLine() {
    return key.content().text().lines().filter(line -> !line.startsWith("#")).findFirst().get();
  }

  KeyFile newKey(String name) {
    return new KeyFile(name, scheme().newKeyFile(Instant.parse("2026-11-22T10:15:30Z")));
  }

  String recipient(KeyFile file) throws BackupException {
    return scheme().recipients(file, PassphraseQuestion.NONE).get(0);
  }

  Encryptor toKey() throws BackupException {
    return scheme().encryptor(List.of(recipient(key)));
  }

  Decryptor decryptor(KeyFile... keys) throws BackupException {
    return scheme().decryptor(List.of(keys), PassphraseQuestion.NONE);
  }

  static byte[] encrypted(Encryptor encryptor, byte[] plain) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    encryptor.encrypt(to -> to.write(plain), out);
    return out.toByteArray();
  }

  static InputStream open(Decryptor decryptor, byte[] encrypted) throws IOException {
    return decryptor.decrypt(new ByteArrayInputStream(encrypted), SUBJECT);
  }

  static byte[] plain(Decryptor decryptor, byte[] encrypted) throws IOException {
    try (InputStream in = open(decryptor, encrypted)) {
      return in.readAllBytes();
    }
  }

  static byte[] bytes(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }

  static void assertFails(Kind kind, ThrowingCallable call) {
    BackupException failure = catchThrowableOfType(BackupException.class, call);
    assertThat(failure).isNotNull();
    assertThat(failure.kind()).as(failure.toString()).isEqualTo(kind);
  }
}
