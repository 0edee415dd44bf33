package dev.openmemory.backup.storage.sftp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.Provider;
import java.security.Security;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import net.schmizz.sshj.SSHClient;
import org.apache.sshd.core.CoreModuleProperties;
import org.apache.sshd.server.SshServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ways to log in, at real servers. */
class SshLoginTest {
  @TempDir Path folder;
  private SshUser user;

  @BeforeEach
  void begin() throws IOException {
    user = SshUser.in(folder);
  }

  @AfterEach
  void end() {
    user.close();
  }

  @Test
  void anEmbeddedServerLetsAKeyIn() throws Exception {
    try (EmbeddedSftpServer server = EmbeddedSftpServer.start();
        SSHClient client = user.of(server).connect(server)) {
      assertThat(client.isAuthenticated()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"ed25519", "ecdsa -b 256", "ecdsa -b 384", "ecdsa -b 521", "rsa -b 2048"})
  void openSshLetsEachTypeOfKeyInAlsoWhenItIsEncrypted(String type) throws Exception {
    try (OpenSshServer server = OpenSshServer.start()) {
      user.knows(server);
      authorize(server, user.newKey("plain", "", type.split(" ", -1)));
      authorize(server, user.newKey("encrypted", "open sesame", type.split(" ", -1)));
      assertLogsIn(server, "plain");
      user.with("passphrase-file", user.secret("phrase", "open sesame\n"));
      assertLogsIn(server, "encrypted");
    }
  }

  @Test
  void keysInFormatsOfOtherProgramsAreRead() throws Exception {
    try (OpenSshServer server = OpenSshServer.start()) {
      user.knows(server).with("passphrase-file", user.secret("phrase", "open sesame\n"));
      for (String format : List.of("PEM", "PKCS8")) {
        Path key = user.newKey(format, "", "rsa", "-b", "2048", "-m", format);
        authorize(server, key);
        Files.delete(key.resolveSibling(format + ".pub"));
        assertLogsIn(server, format);
      }
      authorize(server, user.newKey("enc8", "open sesame", "rsa", "-b", "2048", "-m", "PKCS8"));
      assertLogsIn(server, "enc8");
    }
  }

  @Test
  void theUsualKeysAreTriedWithoutBeingNamed() throws Exception {
    try (OpenSshServer server = OpenSshServer.start()) {
      user.knows(server);
      user.newKey("id_rsa", "", "rsa", "-b", "2048");
      authorize(server, user.newKey("id_ed25519", "", "ed25519"));
      assertLogsIn(server);
    }
  }

  @Test
  void aCertificateBesideAKeyLetsIn() throws Exception {
    Path authority = user.newKey("ca", "", "ed25519");
    try (OpenSshServer server = OpenSshServer.start("TrustedUserCAKeys " + authority + ".pub")) {
      user.knows(server);
      for (String type : List.of("ed25519", "ecdsa", "rsa")) {
        Path key = user.newKey("id_" + type, "", type);
        SshUser.run(
            "ssh-keygen",
            "-q",
            "-s",
            authority.toString(),
            "-I",
            "me",
            "-n",
            server.user(),
            key + ".pub");
        assertLogsIn(server, "id_" + type);
      }
      Path elsewhere = user.folder().resolve("elsewhere");
      Files.move(user.folder().resolve("id_ed25519-cert.pub"), elsewhere);
      user.config("CertificateFile " + elsewhere);
      assertLogsIn(server, "id_ed25519");
    }
  }

  @Test
  void anAgentLetsInWithoutAFile() throws Exception {
    try (OpenSshServer server = OpenSshServer.start();
        AgentProcess agent = AgentProcess.start()) {
      user.knows(server).withVariable("SSH_AUTH_SOCK", agent.socket());
      for (String type : List.of("rsa", "ecdsa", "ed25519")) {
        Path key = user.newKey(type, "", type);
        authorize(server, key);
        agent.add(key);
        Files.delete(key);
        assertLogsIn(server);
        agent.forgetAll();
      }
      assertThat(refusal(server).fact()).contains("nothing to try");
    }
  }

  @Test
  void onlyNamedIdentitiesOfTheAgentAreUsedWhenSshConfigSaysSo() throws Exception {
    try (OpenSshServer server = OpenSshServer.start();
        AgentProcess agent = AgentProcess.start()) {
      user.knows(server).withVariable("SSH_AUTH_SOCK", agent.socket());
      Path right = user.newKey("right", "secret words", "ed25519");
      authorize(server, right);
      agent.add(user.newKey("wrong", "", "ed25519"));
      agent.addEncrypted(right, "secret words");
      user.config("IdentitiesOnly yes", "IdentityFile ~/.ssh/wrong");
      assertThat(refusal(server).fact()).contains("key wrong of the agent: not accepted");
      user.config("IdentitiesOnly yes", "IdentityFile ~/.ssh/right");
      assertLogsIn(server);
      user.config("IdentityAgent none", "IdentityFile ~/.ssh/right");
      assertThat(refusal(server).fact())
          .contains("right: is encrypted, and no passphrase is given");
    }
  }

  @Test
  void anAgentThatIsAwayIsNoError() throws Exception {
    try (OpenSshServer server = OpenSshServer.start();
        SSHClient client =
            user.of(server).withVariable("SSH_AUTH_SOCK", folder.resolve("gone")).connect(server)) {
      assertThat(client.isAuthenticated()).isTrue();
    }
  }

  @Test
  void aPasswordIsTheLastThing() throws Exception {
    try (EmbeddedSftpServer server = EmbeddedSftpServer.start(SshLoginTest::takePasswords)) {
      user.knows(server).with("password-file", user.secret("pw", "opensesame\nsecond line\n"));
      assertLogsIn(server);
      user.secret("pw", "CANARY");
      BackupException refused = refusal(server);
      assertThat(refused.fact()).contains("password: not accepted");
      assertThat(Traces.of(refused)).doesNotContain("CANARY");
    }
  }

  @Test
  void aSinglePromptIsAnsweredWithThePassword() throws Exception {
    user.with("password-file", user.secret("pw", "opensesame\n"));
    try (EmbeddedSftpServer server = EmbeddedSftpServer.start(asking("Password: "))) {
      user.knows(server);
      assertLogsIn(server);
    }
    try (EmbeddedSftpServer server = EmbeddedSftpServer.start(asking("Password: ", "Code: "))) {
      assertThat(refusal(user.knows(server), server).fact())
          .contains("keyboard-interactive: asks for more than a password");
    }
  }

  @Test
  void aServerMayAskForAKeyAndAPassword() throws Exception {
    try (EmbeddedSftpServer server =
        EmbeddedSftpServer.start(
            sshd -> {
              takePasswords(sshd);
              CoreModuleProperties.AUTH_METHODS.set(sshd, "publickey,password");
            })) {
      assertThat(refusal(user.of(server), server).fact()).contains("accepted, and more is asked");
      user.with("password-file", user.secret("pw", "opensesame\n"));
      assertLogsIn(server);
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
    try (OpenSshServer server = OpenSshServer.start()) {
      user.knows(server).with("passphrase-file", user.secret("phrase", "CANARY"));
      authorize(server, user.newKey("encrypted", "something else", "ed25519"));
      user.newKey("stranger", "", "ecdsa");
      user.newKey("open", "", "ecdsa");
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
          .contains("by [publickey]")
          .contains("encrypted: is encrypted, with another passphrase")
          .contains("stranger: not accepted")
          .contains("open: is open to others: mode rw-r--r--")
          .contains("missing: cannot be read");
      assertThat(Traces.of(refused)).doesNotContain("CANARY").doesNotContain("PRIVATE KEY");
    }
  }

  @Test
  void filesThatWereAskedForHaveToBeUsable() throws Exception {
    try (OpenSshServer server = OpenSshServer.start()) {
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
  }

  @Test
  void nobodyElsesSecurityProvidersAreTouched() throws Exception {
    List<String> before = providers();
    try (OpenSshServer server = OpenSshServer.start();
        SSHClient client = user.of(server).connect(server)) {
      assertThat(client.isAuthenticated()).isTrue();
    }
    List<String> after = providers();
    assertThat(after.subList(0, before.size())).isEqualTo(before);
    assertThat(after.subList(before.size(), after.size())).isSubsetOf(List.of("openmemory-backup"));
  }

  private static List<String> providers() {
    return Arrays.stream(Security.getProviders()).map(Provider::getName).toList();
  }

  private void authorize(OpenSshServer server, Path key) throws IOException {
    Files.writeString(
        server.identity().resolveSibling("authorized_keys"),
        Files.readString(key.resolveSibling(key.getFileName() + ".pub")),
        StandardOpenOption.APPEND);
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
