package dev.openmemory.backup.storage.sftp.internal.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.storage.sftp.EmbeddedSftpServer;
import dev.openmemory.backup.storage.sftp.Questions;
import dev.openmemory.backup.storage.sftp.SftpServer;
import dev.openmemory.backup.storage.sftp.SharedServer;
import dev.openmemory.backup.storage.sftp.SshUser;
import dev.openmemory.backup.storage.sftp.Traces;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.Provider;
import java.security.PublicKey;
import java.security.Security;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import net.schmizz.sshj.SSHClient;
import net.schmizz.sshj.common.Buffer;
import org.apache.sshd.common.signature.BuiltinSignatures;
import org.apache.sshd.core.CoreModuleProperties;
import org.apache.sshd.server.SshServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Ways to log in. */
class SshLoginTest {
  @TempDir Path folder;
  private SshUser user;
  private EmbeddedSftpServer server;

  @BeforeEach
  void begin() throws Exception {
    user = SshUser.in(folder);
    server = (EmbeddedSftpServer) SharedServer.EMBEDDED.get();
  }

  @AfterEach
  void end() {
    user.close();
  }

  @ParameterizedTest
  @CsvSource({"EC,256", "EC,384", "EC,521", "RSA,2048"})
  void aServerLetsEachTypeOfKeyInAlsoWhenItIsEncrypted(String type, int bits) throws Exception {
    KeyPair key = EmbeddedSftpServer.newKey(type, bits);
    server.authorize(key);
    user.knows(server);
    user.keeps("plain", key, null);
    user.keeps("encrypted", key, "open sesame");
    assertLogsIn(server, "plain");
    user.with("passphrase-file", user.secret("phrase", "open sesame\n"));
    assertLogsIn(server, "encrypted");
  }

  @Test
  void theUsualKeysAreTriedWithoutBeingNamed() throws Exception {
    user.knows(server);
    user.keeps("id_rsa", EmbeddedSftpServer.newKey("EC", 256), null);
    KeyPair key = EmbeddedSftpServer.newKey("EC", 256);
    server.authorize(key);
    user.keeps("id_ecdsa", key, null);
    assertLogsIn(server);
  }

  @Test
  void anAgentThatIsAwayIsNoError() throws Exception {
    user.of(server).withVariable("SSH_AUTH_SOCK", folder.resolve("gone"));
    assertLogsIn(server);
  }

  @Test
  void anAgentThatDoesNotAnswerIsLeftForTheNextKey() throws Exception {
    Path socket = folder.resolve("agent");
    user.of(server).withVariable("SSH_AUTH_SOCK", socket).with("timeout", "PT6S");
    try (ServerSocketChannel agent = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      // The kernel takes the connection and the question.
      agent.bind(UnixDomainSocketAddress.of(socket));
      assertLogsIn(server);
    }
  }

  @Test
  void anAgentThatDoesNotSignIsLeftForTheNextKey() throws Exception {
    Path socket = folder.resolve("agent");
    user.knows(server);
    user.withVariable("SSH_AUTH_SOCK", socket).with("timeout", "PT6S");
    KeyPair ofFile = EmbeddedSftpServer.newKey("EC", 256);
    server.authorize(ofFile);
    user.keeps("id_ecdsa", ofFile, null);
    KeyPair held = EmbeddedSftpServer.newKey("EC", 256);
    server.authorize(held);
    try (ServerSocketChannel agent = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      agent.bind(UnixDomainSocketAddress.of(socket));
      CompletableFuture<Integer> signRequest =
          CompletableFuture.supplyAsync(() -> listOnly(agent, held.getPublic()));
      assertLogsIn(server);
      assertThat(signRequest.get(20, TimeUnit.SECONDS))
          .as("type of its last message")
          .isEqualTo(13);
    }
  }

  /** Answers which key it holds, and nothing else; returns what it was asked after that. */
  private static int listOnly(ServerSocketChannel agent, PublicKey key) {
    byte[] blob = new Buffer.PlainBuffer().putPublicKey(key).getCompactData();
    byte[] answer =
        new Buffer.PlainBuffer()
            .putByte((byte) 12)
            .putUInt32(1)
            .putBytes(blob)
            .putString("held")
            .getCompactData();
    byte[] message = new Buffer.PlainBuffer().putBytes(answer).getCompactData();
    try (SocketChannel client = agent.accept()) {
      DataInputStream in = new DataInputStream(Channels.newInputStream(client));
      in.readNBytes(in.readInt());
      client.write(ByteBuffer.wrap(message));
      byte[] question = in.readNBytes(in.readInt());
      // Until the client gives up.
      in.readAllBytes();
      return question[0];
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void aPasswordIsTheLastThing() throws Exception {
    try (EmbeddedSftpServer own = EmbeddedSftpServer.start(SshLoginTest::takePasswords)) {
      user.knows(own).with("password-file", user.secret("pw", "opensesame\nsecond line\n"));
      assertLogsIn(own);
      user.secret("pw", "CANARY");
      BackupException refused = refusal(own);
      assertThat(refused.fact()).contains("password: not accepted");
      assertThat(Traces.of(refused)).doesNotContain("CANARY");
    }
  }

  @Test
  void aSinglePromptIsAnsweredWithThePassword() throws Exception {
    user.with("password-file", user.secret("pw", "opensesame\n"));
    try (EmbeddedSftpServer own = EmbeddedSftpServer.start(asking("Password: "))) {
      user.knows(own);
      assertLogsIn(own);
    }
    try (EmbeddedSftpServer own = EmbeddedSftpServer.start(asking("Password: ", "Code: "))) {
      assertThat(refusal(user.knows(own), own).fact())
          .contains("keyboard-interactive: asks for more than a password");
    }
  }

  @Test
  void aServerMayAskForAKeyAndAPassword() throws Exception {
    try (EmbeddedSftpServer own =
        EmbeddedSftpServer.start(
            sshd -> {
              takePasswords(sshd);
              CoreModuleProperties.AUTH_METHODS.set(sshd, "publickey,password");
            })) {
      assertThat(refusal(user.of(own), own).fact()).contains("accepted, and more is asked");
      user.with("password-file", user.secret("pw", "opensesame\n"));
      assertLogsIn(own);
    }
  }

  private static void takePasswords(SshServer server) {
    server.setPasswordAuthenticator((name, word, session) -> word.equals("opensesame"));
  }

  private static Consumer<SshServer> asking(String... prompts) {
    return server -> server.setKeyboardInteractiveAuthenticator(new Questions(prompts));
  }

  @Test
  void whoIsNotLetInLearnsWhatWasTried() throws Exception {
    user.knows(server).with("passphrase-file", user.secret("phrase", "CANARY"));
    KeyPair key = EmbeddedSftpServer.newKey("EC", 256);
    server.authorize(key);
    user.keeps("encrypted", key, "something else");
    KeyPair stranger = EmbeddedSftpServer.newKey("EC", 256);
    user.keeps("stranger", stranger, null);
    user.keeps("open", stranger, null);
    SshUser.chmod(user.folder().resolve("open"), "644");
    user.config(
        "IdentityFile ~/.ssh/encrypted",
        "IdentityFile ~/.ssh/stranger",
        "IdentityFile ~/.ssh/open",
        "IdentityFile ~/.ssh/missing");
    BackupException refused = refusal(server);
    assertThat(refused.kind()).isEqualTo(Kind.DENIED);
    assertThat(refused.getMessage())
        .contains("log in sftp://" + server.user() + "@127.0.0.1:" + server.port())
        .containsPattern("; the server accepts: .*publickey")
        .contains("encrypted: is encrypted, with another passphrase")
        .contains("stranger: not accepted")
        .contains("open: is open to others: mode rw-r--r--")
        .contains("missing: cannot be read");
    assertThat(Traces.of(refused)).doesNotContain("CANARY").doesNotContain("PRIVATE KEY");
  }

  @Test
  void aKeyIsShownOnceAndTooManyAreARefusalThatNamesThem() throws Exception {
    List<PublicKey> shown = new CopyOnWriteArrayList<>();
    try (EmbeddedSftpServer own =
        EmbeddedSftpServer.start(
            sshd -> {
              sshd.setPublickeyAuthenticator((name, key, session) -> !shown.add(key));
              CoreModuleProperties.MAX_AUTH_REQUESTS.set(sshd, 3);
            })) {
      user.knows(own);
      for (int i = 0; i < 6; i++) {
        user.keeps("key" + i, EmbeddedSftpServer.newKey("RSA", 1024), null);
      }
      user.config(
          IntStream.range(0, 6)
              .mapToObj(i -> "IdentityFile ~/.ssh/key" + i)
              .toArray(String[]::new));

      BackupException refused = refusal(own);

      assertThat(refused.kind()).as(refused.getMessage()).isEqualTo(Kind.DENIED);
      assertThat(refused.fact())
          .contains("key0: not accepted")
          .contains("then the server ended the connection");
      assertThat(shown).doesNotHaveDuplicates().hasSizeLessThan(6);
    }
  }

  @Test
  void aServerThatTakesNoSha512LetsAnRsaKeyInWithSha256() throws Exception {
    KeyPair key = EmbeddedSftpServer.newKey("RSA", 2048);
    try (EmbeddedSftpServer own =
        EmbeddedSftpServer.start(
            sshd ->
                sshd.setSignatureFactories(
                    List.of(BuiltinSignatures.nistp256, BuiltinSignatures.rsaSHA256)))) {
      own.authorize(key);
      user.knows(own);
      user.keeps("first", EmbeddedSftpServer.newKey("EC", 256), null);
      user.keeps("rsa", key, null);
      user.config("IdentityFile ~/.ssh/first", "IdentityFile ~/.ssh/rsa");

      assertLogsIn(own);
    }
  }

  @Test
  void filesThatWereAskedForHaveToBeUsable() throws Exception {
    user.of(server);
    Path key = user.folder().resolve("identity");
    SshUser.chmod(key, "640");
    assertInvalid(server, "'identity-file' " + key + " is open to others: mode rw-r-----");
    Files.delete(key);
    assertInvalid(server, "'identity-file' " + key + " cannot be read");
    user.of(server).with("passphrase-file", user.secret("phrase", "CANARY\n"));
    SshUser.chmod(user.folder().resolve("phrase"), "604");
    assertInvalid(server, "'passphrase-file'", "is open to others: mode rw----r--");
    user.secret("phrase", "\nCANARY\n");
    assertInvalid(server, "'passphrase-file'", "has an empty first line");
  }

  @Test
  void nobodyElsesSecurityProvidersAreTouched() throws Exception {
    List<String> before = providers();
    user.of(server);
    assertLogsIn(server);
    List<String> after = providers();
    assertThat(after.subList(0, before.size())).isEqualTo(before);
    assertThat(after.subList(before.size(), after.size())).isSubsetOf(List.of("openmemory-backup"));
  }

  private static List<String> providers() {
    return Arrays.stream(Security.getProviders()).map(Provider::getName).toList();
  }

  private void assertLogsIn(SftpServer server, String identity) throws Exception {
    user.with("identity-file", user.folder().resolve(identity));
    assertLogsIn(server);
  }

  private void assertLogsIn(SftpServer server) throws Exception {
    try (SSHClient client = user.connect(server)) {
      assertThat(client.isAuthenticated()).isTrue();
    }
  }

  private void assertInvalid(SftpServer server, String... facts) {
    BackupException refused = refusal(server);
    assertThat(refused.kind()).isEqualTo(Kind.INVALID);
    assertThat(refused.getMessage()).contains(facts);
    assertThat(Traces.of(refused)).doesNotContain("CANARY");
  }

  private BackupException refusal(SftpServer server) {
    return refusal(user, server);
  }

  private static BackupException refusal(SshUser user, SftpServer server) {
    return catchThrowableOfType(BackupException.class, () -> user.connect(server).close());
  }
}
