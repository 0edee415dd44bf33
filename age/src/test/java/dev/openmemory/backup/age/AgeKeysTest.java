package dev.openmemory.backup.age;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.encryption.EncryptionSchemes;
import dev.openmemory.backup.spi.encryption.KeyFile;
import dev.openmemory.backup.spi.encryption.PassphraseQuestion;
import dev.openmemory.backup.spi.encryption.Secret;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AgeKeysTest {
  /** Of the public test vectors. */
  private static final String KEY =
      "AGE-SECRET-KEY-1EGTZVFFV20835NWYV6270LXYVK2VKNX2MMDKWYKLMGR48UAWX40Q2P2LM0";

  private static final String RECIPIENT =
      "age1xmwwc06ly3ee5rytxm9mflaz2u56jjj36s0mypdrwsvlul66mv4q47ryef";

  @Test
  void theSchemeIsFoundByItsName() throws BackupException {
    assertThat(EncryptionSchemes.named("age")).isInstanceOf(AgeEncryptionScheme.class);
    assertFails(Kind.UNSUPPORTED, "Supported: age.", () -> EncryptionSchemes.named("pgp"));
  }

  @Test
  void aKeyFileHasTheFormOfAgeKeygen() throws BackupException {
    KeyFile key = AgeFiles.newKey();
    assertThat(key.content().text())
        .matches(
            """
            # created: 2026-11-22T10:15:30Z
            # public key: age1[a-z0-9]{58}
            AGE-SECRET-KEY-1[A-Z0-9]{58}
            """);
    assertThat(AgeFiles.newKey().content().text()).isNotEqualTo(key.content().text());
  }

  @Test
  void aFileMayHaveSeveralKeysCommentsAndEmptyLines() throws IOException {
    KeyFile second = AgeFiles.newKey();
    String text = "# mine\n\n" + KEY + "\r\n" + second.content().text();
    KeyFile both = new KeyFile("a.key", Secret.of(text));

    assertThat(AgeFiles.AGE.recipients(both, PassphraseQuestion.NONE))
        .containsExactly(RECIPIENT, AgeFiles.recipient(second));
    byte[] encrypted = AgeFiles.encrypted(AgeFiles.to(second), AgeFiles.bytes(10));
    assertThat(AgeFiles.decrypted(AgeFiles.by(both), encrypted)).isEqualTo(AgeFiles.bytes(10));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "AGE-SECRET-KEY-PQ-1HZLGZUPT4E | UNSUPPORTED | line 2 is a hybrid (post-quantum) key",
        "AGE-PLUGIN-YUBIKEY-1QQQQQ | UNSUPPORTED | line 2 is a key of an age plug-in",
        "-----BEGIN OPENSSH PRIVATE KEY----- | UNSUPPORTED | line 2 is an SSH key",
        "AGE-SECRET-KEY-1EGTZ | INVALID | private key in line 2 is mistyped or cut off",
        "age1xmwwc06ly3ee5ryt | INVALID | line 2 is a public key, which opens nothing",
        "hunter2 | INVALID | line 2 is no private key",
      })
  void whatIsNoKeyIsNamedByItsLine(String line, Kind kind, String fact) {
    KeyFile file = new KeyFile("/keys/a.key", Secret.of("# mine\n" + line + "\n"));
    BackupException failure = assertFails(kind, fact, () -> AgeFiles.by(file));
    assertThat(failure.location()).isEqualTo("/keys/a.key");
    assertThat(failure.toString()).doesNotContain(line);
  }

  @ParameterizedTest
  @CsvSource({
    "age1pq1qqqqqqqqqqqqqqqqqqqqqqqqqqq, UNSUPPORTED, hybrid",
    "age1yubikey1qwerty0234, UNSUPPORTED, plug-ins",
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5, UNSUPPORTED, SSH keys",
    "age1xmwwc06ly3ee5rytxm9mflaz2u56jjj36s0mypdrwsvlul66mv4q47ryee, INVALID, mistyped",
    "AGE1XMWWC06LY3EE5RYTXM9MFLAZ2U56JJJ36S0MYPDRWSVLUL66MV4Q47RYEF, INVALID, begins with age1",
    "AGE-SECRET-KEY-1EGTZVFFV20835, INVALID, this is a private key",
    "hunter2, INVALID, begins with age1",
  })
  void whatIsNoPublicKeyIsNotEncryptedTo(String recipient, Kind kind, String fact) {
    assertFails(kind, fact, () -> AgeFiles.AGE.encryptor(List.of(RECIPIENT, recipient)));
  }

  @Test
  void fiveHundredRecipientsArePossible() throws IOException {
    List<String> recipients = new ArrayList<>();
    for (int i = 0; i < 499; i++) {
      recipients.add(RECIPIENT);
    }
    KeyFile last = AgeFiles.newKey();
    recipients.add(AgeFiles.recipient(last));

    byte[] encrypted =
        AgeFiles.encrypted(AgeFiles.AGE.encryptor(recipients), AgeFiles.bytes(70_000));
    assertThat(AgeFiles.decrypted(AgeFiles.by(last), encrypted)).isEqualTo(AgeFiles.bytes(70_000));

    recipients.add(RECIPIENT);
    assertFails(Kind.UNSUPPORTED, "at most 500", () -> AgeFiles.AGE.encryptor(recipients));
  }

  @Test
  void wrongKeyMissingKeyAndForeignRecipientsAreDifferentMessages() throws IOException {
    byte[] toKey = AgeFiles.encrypted(AgeFiles.to(AgeFiles.newKey()), AgeFiles.bytes(10));
    String line = "age-encryption.org/v1\n-> mlkem768x25519 abc\n\n--- " + "A".repeat(43) + "\n";
    byte[] hybrid = AgeFiles.ascii(line + "n".repeat(40));
    KeyFile key = AgeFiles.newKey();

    assertFails(Kind.NO_KEY, "no key was given", () -> AgeFiles.decrypted(AgeFiles.by(), toKey));
    assertFails(
        Kind.WRONG_KEY,
        "none of the keys opens it: it is encrypted to 1 other key",
        () -> AgeFiles.decrypted(AgeFiles.by(key), toKey));
    assertFails(
        Kind.UNSUPPORTED,
        "of the type mlkem768x25519 only",
        () -> AgeFiles.decrypted(AgeFiles.by(key), hybrid));
    assertFails(
        Kind.CORRUPT,
        "does not begin as an age file does",
        () -> AgeFiles.decrypted(AgeFiles.by(key), AgeFiles.ascii("hello")));
  }

  @Test
  void aPassphraseThatWasRightIsNotAskedForAgainAndAWrongOneIs() throws IOException {
    byte[] encrypted =
        AgeFiles.encrypted(AgeFiles.AGE.encryptor(Secret.of("right")), AgeFiles.bytes(10));
    List<String> answers = new ArrayList<>(List.of("wrong", "right"));
    var decryptor = AgeFiles.AGE.decryptor(List.of(), about -> Secret.of(answers.remove(0)));

    assertFails(
        Kind.WRONG_KEY,
        "the passphrase does not open it",
        () -> AgeFiles.decrypted(decryptor, encrypted));
    assertThat(AgeFiles.decrypted(decryptor, encrypted)).isEqualTo(AgeFiles.bytes(10));
    assertThat(AgeFiles.decrypted(decryptor, encrypted)).isEqualTo(AgeFiles.bytes(10));
  }

  @Test
  void aProtectedKeyFileThatIsDamagedIsNoDamageOfWhatItOpens() throws IOException {
    KeyFile key = AgeFiles.newKey();
    byte[] encrypted = AgeFiles.encrypted(AgeFiles.to(key), AgeFiles.bytes(10));
    String text = AgeFiles.AGE.protect(key.content(), Secret.of("right")).text();
    int end = text.indexOf("\n-----END");
    String damaged = text.substring(0, end - 8) + text.substring(end);
    KeyFile cut = new KeyFile("/keys/cut.key", Secret.of(damaged));
    var decryptor = AgeFiles.AGE.decryptor(List.of(cut), about -> Secret.of("right"));

    BackupException failure =
        assertFails(
            Kind.INVALID,
            "the key file is damaged",
            () -> AgeFiles.decrypted(decryptor, encrypted));
    assertThat(failure.location()).isEqualTo("/keys/cut.key");
  }

  @Test
  void aPassphraseThatTakesMoreMemoryThanThereIsIsRefusedBeforeAnythingIsEncrypted() {
    BackupException failure =
        catchThrowableOfType(
            BackupException.class,
            () -> new AgeEncryptionScheme(30).encryptor(Secret.of("a passphrase")));
    assertThat(failure.kind()).isEqualTo(Kind.UNSUPPORTED);
    assertThat(failure).hasMessageContaining("takes 1048576 MiB of memory");
  }

  @Test
  void aKeyFileThatStaysLockedDoesNotHideALaterOneThatFits() throws IOException {
    KeyFile locked =
        new KeyFile(
            "locked.key", AgeFiles.AGE.protect(AgeFiles.newKey().content(), Secret.of("right")));
    KeyFile key = AgeFiles.newKey();
    byte[] encrypted = AgeFiles.encrypted(AgeFiles.to(key), AgeFiles.bytes(10));
    byte[] toOther = AgeFiles.encrypted(AgeFiles.to(AgeFiles.newKey()), AgeFiles.bytes(10));

    for (PassphraseQuestion question :
        List.<PassphraseQuestion>of(PassphraseQuestion.NONE, about -> Secret.of("wrong"))) {
      var decryptor = AgeFiles.AGE.decryptor(List.of(locked, key), question);
      assertThat(AgeFiles.decrypted(decryptor, encrypted)).isEqualTo(AgeFiles.bytes(10));
      BackupException failure =
          catchThrowableOfType(BackupException.class, () -> AgeFiles.decrypted(decryptor, toOther));
      assertThat(failure.kind()).isIn(Kind.NO_KEY, Kind.WRONG_KEY);
      assertThat(failure.toString()).doesNotContain("none of the keys");
    }
  }

  private static BackupException assertFails(Kind kind, String fact, ThrowingCallable call) {
    BackupException failure = catchThrowableOfType(BackupException.class, call);
    assertThat(failure).isNotNull();
    assertThat(failure.kind()).as(failure.toString()).isEqualTo(kind);
    assertThat(failure).hasMessageContaining(fact);
    return failure;
  }
}
