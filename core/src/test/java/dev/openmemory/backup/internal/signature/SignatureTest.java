package dev.openmemory.backup.internal.signature;

import static dev.openmemory.backup.sample.Failures.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.sample.Signers;
import dev.openmemory.backup.signature.AllowedSigners;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Signatures that ssh-keygen takes, and the reverse, by what it has written once. */
class SignatureTest {
  @TempDir Path temp;
  private Signers signers;
  private byte[] message;

  @BeforeEach
  void read() throws IOException {
    signers = new Signers(temp);
    message = Signers.bytes("message");
  }

  @Test
  void ourSignatureHasTheBytesOfTheOneOfSshKeygen() throws Exception {
    assertThat(signers.key("signer").sign(message)).isEqualTo(Signers.bytes("message.sha512.sig"));
    assertThat(signers.key("signer").publicKey() + " signer\n")
        .isEqualTo(Files.readString(signers.file("signer.pub")));
  }

  @Test
  void signaturesOfSshKeygenAreAcceptedWithBothOfItsHashes() throws Exception {
    AllowedSigners allowed = signers.allowed("signer");

    for (String file : new String[] {"message.sha512.sig", "message.sha256.sig"}) {
      assertThat(allowed.require(message, Signers.bytes(file), file)).isEqualTo("me@example.org");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"message.file.sig", "message.rsa.sig", "message", "signer"})
  void whatWasMadeForSomethingElseIsRefused(String file) throws Exception {
    AllowedSigners allowed = signers.allowed("signer");

    BackupException failure =
        failureOf(() -> allowed.require(message, Signers.bytes(file), "the place"));

    assertThat(failure.kind()).isEqualTo(Kind.CORRUPT);
    assertThat(failure.location()).isEqualTo("the place");
    assertThat(failure.fact()).doesNotContain("b3BlbnNzaC1rZXk");
  }

  @Test
  void anotherKeyIsRefusedAndNamed() throws Exception {
    AllowedSigners allowed = signers.allowed("other");
    byte[] signature = signers.key("signer").sign(message);

    BackupException failure = failureOf(() -> allowed.require(message, signature, "sig"));

    assertThat(failure.kind()).isEqualTo(Kind.CORRUPT);
    assertThat(failure.fact()).contains(signers.key("signer").publicKey(), "allowed_other");
  }

  @Test
  void eachBitOfASignatureAndEachCutIsNoticed() throws Exception {
    AllowedSigners allowed = signers.allowed("signer");
    byte[] signature =
        Armor.SIGNATURE.unwrap(
            new String(signers.key("signer").sign(message), StandardCharsets.US_ASCII));

    for (int bit = 0; bit < signature.length * Byte.SIZE; bit++) {
      byte[] changed = signature.clone();
      changed[bit / Byte.SIZE] ^= (byte) (1 << (bit % Byte.SIZE));
      assertRefused(allowed, changed, "bit " + bit);
    }
    for (int length = 0; length < signature.length; length++) {
      assertRefused(allowed, Arrays.copyOf(signature, length), "length " + length);
    }
    assertRefused(allowed, Arrays.copyOf(signature, signature.length + 1), "longer");
  }

  private void assertRefused(AllowedSigners allowed, byte[] signature, String what) {
    byte[] file = Armor.SIGNATURE.wrap(signature);
    assertThat(failureOf(() -> allowed.require(message, file, "sig")).kind())
        .as(what)
        .isEqualTo(Kind.CORRUPT);
  }

  @Test
  void aChangedByteOfAKeyFileNeverGivesAnotherKey() throws Exception {
    String text = new String(Signers.bytes("signer"), StandardCharsets.US_ASCII);
    byte[] key = Armor.PRIVATE_KEY.unwrap(text);

    PublicKeyBlob known = PrivateKey.parse(text, "file", Optional.empty()).publicKey();
    for (int i = 0; i < key.length; i++) {
      byte[] changed = key.clone();
      changed[i] ^= 1;
      String file = new String(Armor.PRIVATE_KEY.wrap(changed), StandardCharsets.US_ASCII);
      try {
        // A comment and a second copy of the public key may differ.
        assertThat(PrivateKey.parse(file, "file", Optional.empty()).publicKey()).isEqualTo(known);
      } catch (BackupException e) {
        assertThat(e.kind()).isIn(Kind.INVALID, Kind.UNSUPPORTED);
      }
    }
  }

  @Test
  void aKeyThatCannotSignSaysWhyWithoutItsContent() throws Exception {
    assertThat(failureOf(() -> signers.key("protected")).kind()).isEqualTo(Kind.UNSUPPORTED);
    assertThat(failureOf(() -> signers.key("protected")).getMessage()).contains("passphrase");
    assertThat(failureOf(() -> signers.key("signer.pub")).kind()).isEqualTo(Kind.UNSUPPORTED);
    assertThat(failureOf(() -> signers.key("signer.pub")).getMessage()).contains("ssh-add");
    assertThat(failureOf(() -> signers.key("rsa.pub")).kind()).isEqualTo(Kind.INVALID);
    assertThat(signers.key("signer").toString()).doesNotContain("b3BlbnNzaC1rZXk");
  }

  @Test
  void linesThatMayNotSignBackupsAreNoSigners() throws Exception {
    String key = Files.readString(signers.file("signer.pub"));
    String rsa = Files.readString(signers.file("rsa.pub"));
    Path mixed =
        Files.writeString(
            temp.resolve("mixed"),
            "# backups\n\nme namespaces=\"git,openmemory-*\" " + key + "rsa@example.org " + rsa);
    Path other = Files.writeString(temp.resolve("other"), "me namespaces=\"git\" " + key);

    byte[] signature = Signers.bytes("message.sha512.sig");
    assertThat(AllowedSigners.read(mixed).require(message, signature, "sig")).isEqualTo("me");
    assertThat(failureOf(() -> AllowedSigners.read(other)).kind()).isEqualTo(Kind.INVALID);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "me valid-before=\"20300101\" KEY",
        "me cert-authority KEY",
        "me namespaces=\"!git,*\" KEY",
        "KEY",
        "me ssh-ed25519 AAAA",
        "me"
      })
  void aLineThatCannotBeHonouredIsNamed(String line) throws Exception {
    String key = Files.readString(signers.file("signer.pub")).strip();
    Path file = Files.writeString(temp.resolve("bad"), "# first\n" + line.replace("KEY", key));

    BackupException failure = failureOf(() -> AllowedSigners.read(file));

    assertThat(failure.kind()).isEqualTo(Kind.INVALID);
    assertThat(failure.getMessage()).contains("bad", "line 2");
  }
}
