package dev.openmemory.backup.internal.signature;

import static dev.openmemory.backup.sample.Failures.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.internal.signature.StandInAgent.Manner;
import dev.openmemory.backup.sample.Signers;
import dev.openmemory.backup.signature.SigningKey;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Signatures by keys that are in an agent only. */
class AgentKeyTest {
  @TempDir Path temp;
  private Signers signers;

  @BeforeEach
  void read() throws IOException {
    signers = new Signers(temp);
  }

  private StandInAgent agent(Manner manner) throws Exception {
    return StandInAgent.with(Signers.bytes("signer"), manner, temp.resolve("agent"));
  }

  @Test
  void anAgentSignsForAPublicKeyWithTheBytesOfThePrivateOne() throws Exception {
    byte[] message = Signers.bytes("message");
    try (StandInAgent agent = agent(Manner.SIGNS)) {
      SigningKey key = SigningKey.readWithAgent(signers.file("signer.pub"), agent.socket());

      assertThat(key.sign(message)).isEqualTo(Signers.bytes("message.sha512.sig"));
      assertThat(key.publicKey()).isEqualTo(signers.key("signer").publicKey());
      assertThat(key.toString()).contains("in an agent");
    }
  }

  @Test
  void aPrivateKeyThatOpensWithoutAnAgentAsksNone() throws Exception {
    Path nothing = temp.resolve("nothing");

    SigningKey key = SigningKey.readWithAgent(signers.file("signer"), nothing);

    assertThat(key.sign(Signers.bytes("message"))).isEqualTo(Signers.bytes("message.sha512.sig"));
  }

  @Test
  void aKeyThatTheAgentDoesNotHoldIsNamedBeforeAnythingIsSigned() throws Exception {
    try (StandInAgent agent = agent(Manner.SIGNS)) {
      for (String file : new String[] {"protected", "other.pub"}) {
        BackupException failure =
            failureOf(() -> SigningKey.readWithAgent(signers.file(file), agent.socket()));

        assertThat(failure.kind()).isEqualTo(Kind.NOT_FOUND);
        assertThat(failure.location()).isEqualTo(signers.file(file).toString());
        assertThat(failure.fact()).contains("ssh-add");
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "REFUSES, DENIED, did not sign",
    "HANGS_UP, DENIED, did not sign",
    "ANSWERS_TOO_LITTLE, DENIED, did not sign",
    "SIGNS_SOMETHING_ELSE, FAILED, no signature by this key"
  })
  void whatAnAgentAnswersInsteadIsNoSignature(Manner manner, Kind kind, String fact)
      throws Exception {
    try (StandInAgent agent = agent(manner)) {
      SigningKey key = SigningKey.readWithAgent(signers.file("signer.pub"), agent.socket());

      BackupException failure = failureOf(() -> key.sign(new byte[] {7}));

      assertThat(failure.kind()).isEqualTo(kind);
      assertThat(failure.fact()).contains(fact);
    }
  }

  @Test
  void anAgentThatIsAwayOrEndsIsUnavailable() throws Exception {
    Path gone = temp.resolve("gone");
    try (ServerSocketChannel ended = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      ended.bind(UnixDomainSocketAddress.of(gone));
    }
    for (Path socket : new Path[] {gone, temp.resolve("none"), temp.resolve("x".repeat(200))}) {
      BackupException failure =
          failureOf(() -> SigningKey.readWithAgent(signers.file("signer.pub"), socket));

      assertThat(failure.kind()).isEqualTo(Kind.UNAVAILABLE);
      assertThat(failure.fact()).contains(socket.toString(), "SSH_AUTH_SOCK");
    }
  }

  @Test
  void aPublicKeyThatIsDamagedIsInvalid() throws Exception {
    for (String line : new String[] {"ssh-ed25519 ", "ssh-ed25519 AAAA", "ssh-ed25519 ?"}) {
      Path file = Files.writeString(temp.resolve("damaged.pub"), line);

      assertThat(failureOf(() -> SigningKey.readWithAgent(file, temp)).kind())
          .as(line)
          .isEqualTo(Kind.INVALID);
    }
  }
}
