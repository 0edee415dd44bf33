package dev.openmemory.backup.storage.sftp.internal.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import net.schmizz.sshj.common.Buffer;
import net.schmizz.sshj.common.KeyType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The one type of key that the embedded server does not know, as ssh-keygen writes it. */
class IdentityFileTest {
  private static final String PUBLIC =
      "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAu6sPFlw5LyhtXYmiz1VOqVz7Rml+qAVZU8hI93DfvG me\n";

  private static final String PLAIN =
      """
      -----BEGIN OPENSSH PRIVATE KEY-----
      b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gtZW
      QyNTUxOQAAACALurDxZcOS8obV2Jos9VTqlc+0ZpfqgFWVPISPdw37xgAAAIgKIK4WCiCu
      FgAAAAtzc2gtZWQyNTUxOQAAACALurDxZcOS8obV2Jos9VTqlc+0ZpfqgFWVPISPdw37xg
      AAAECkFZ71QBNMpF1nCwuvLHwY0zdI5R/MLEAT1REcUfIw3Qu6sPFlw5LyhtXYmiz1VOqV
      z7Rml+qAVZU8hI93DfvGAAAAAAECAwQF
      -----END OPENSSH PRIVATE KEY-----
      """;

  private static final String ENCRYPTED =
      """
      -----BEGIN OPENSSH PRIVATE KEY-----
      b3BlbnNzaC1rZXktdjEAAAAACmFlczI1Ni1jdHIAAAAGYmNyeXB0AAAAGAAAABBO2UiWjJ
      phSe2QIz+vH78yAAAAAQAAAAEAAAAzAAAAC3NzaC1lZDI1NTE5AAAAIAu6sPFlw5LyhtXY
      miz1VOqVz7Rml+qAVZU8hI93DfvGAAAAkNB/WdPQgF6SuB0eFGiMT2q6LZnL/TDe/9W1XA
      u3zJ6iWKvFoPxOxkXZS45sPgWWFo/2ckytjtMxFG96ezuFZp0sDpSH8CbTApEk/DHgc1/H
      5iGKh6xBKfHyOo0ZhIPMVBWecAuVyUzySl3WkNb4JWbz4N7/qe0X6MExLb7THPR9efBg3t
      hCvw1CnkBduZ3yGA==
      -----END OPENSSH PRIVATE KEY-----
      """;

  @TempDir Path folder;
  private Path file;
  private byte[] known;

  @BeforeEach
  void readPublicKey() throws IOException {
    file = folder.resolve("key");
    known = IdentityFile.blobOfLine(Files.writeString(folder.resolve("known"), PUBLIC));
  }

  @Test
  void anEd25519KeySigns() throws Exception {
    Files.writeString(file, PLAIN);
    assertSigns(new IdentityFile(file, null));
    Files.writeString(file, ENCRYPTED);
    assertSigns(new IdentityFile(file, "open sesame".toCharArray()));
  }

  private void assertSigns(IdentityFile key) throws Exception {
    byte[] data = "what a server wants signed".getBytes(StandardCharsets.UTF_8);
    Identity identity = key.identity();
    assertThat(identity.blob()).isEqualTo(known);
    Buffer.PlainBuffer signed = new Buffer.PlainBuffer(identity.signer().sign("ssh-ed25519", data));
    assertThat(signed.readString()).isEqualTo("ssh-ed25519");
    java.security.Signature signature = java.security.Signature.getInstance("Ed25519");
    signature.initVerify(KeyType.ED25519.readPubKeyFromBuffer(blobWithoutType()));
    signature.update(data);
    assertThat(signature.verify(signed.readBytes())).isTrue();
  }

  private Buffer<?> blobWithoutType() throws Buffer.BufferException {
    Buffer.PlainBuffer blob = new Buffer.PlainBuffer(known);
    blob.readString();
    return blob;
  }

  @Test
  void itsPublicPartIsShownWithoutAPassphraseAndItSignsWithTheRightOneAlone() throws Exception {
    Files.writeString(file, ENCRYPTED);
    assertThat(new IdentityFile(file, null).publicBlob()).isEqualTo(known);
    for (char[] phrase : new char[][] {null, "open simsim".toCharArray()}) {
      Identity identity = new IdentityFile(file, phrase).identity();
      assertThatThrownBy(() -> identity.signer().sign("ssh-ed25519", new byte[10]))
          .isInstanceOf(Identity.IdentityException.class)
          .hasMessageContaining("is encrypted");
    }
  }
}
