package dev.openmemory.backup.storage.sftp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import net.schmizz.sshj.SSHClient;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ways to log in to OpenSSH and to trust it, with files and an agent of its own programs. */
@Tag("services")
class OpenSshLoginTest {
  @TempDir Path folder;
  private SshUser user;
  private OpenSshServer server;

  @BeforeEach
  void begin() throws Exception {
    server = (OpenSshServer) SharedServer.OPENSSH.get();
    user = SshUser.in(folder).knows(server);
  }

  @AfterEach
  void end() {
    user.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"ed25519", "ecdsa -b 256", "ecdsa -b 384", "ecdsa -b 521", "rsa -b 2048"})
  void openSshLetsEachTypeOfKeyInAlsoWhenItIsEncrypted(String type) throws Exception {
    authorize(user.newKey("plain", "", type.split(" ", -1)));
    authorize(user.newKey("encrypted", "open sesame", type.split(" ", -1)));
    assertLogsIn("plain");
    user.with("passphrase-file", user.secret("phrase", "open sesame\n"));
    assertLogsIn("encrypted");
  }

  @Test
  void keysInFormatsOfOtherProgramsAreRead() throws Exception {
    user.with("passphrase-file", user.secret("phrase", "open sesame\n"));
    for (String format : List.of("PEM", "PKCS8")) {
      Path key = user.newKey(format, "", "rsa", "-b", "2048", "-m", format);
      authorize(key);
      Files.delete(key.resolveSibling(format + ".pub"));
      assertLogsIn(format);
    }
    authorize(user.newKey("enc8", "open sesame", "rsa", "-b", "2048", "-m", "PKCS8"));
    assertLogsIn("enc8");
  }

  @Test
  void aCertificateBesideAKeyLetsIn() throws Exception {
    for (String type : List.of("ed25519", "ecdsa", "rsa")) {
      Path key = user.newKey("id_" + type, "", type);
      SshUser.run(
          "ssh-keygen",
          "-q",
          "-s",
          server.authority().toString(),
          "-I",
          "me",
          "-n",
          server.user(),
          key + ".pub");
      assertLogsIn("id_" + type);
    }
    Path elsewhere = user.folder().resolve("elsewhere");
    Files.move(user.folder().resolve("id_ed25519-cert.pub"), elsewhere);
    user.config("CertificateFile " + elsewhere);
    assertLogsIn("id_ed25519");
  }

  @Test
  void anAgentLetsInWithoutAFile() throws Exception {
    try (AgentProcess agent = AgentProcess.start()) {
      user.withVariable("SSH_AUTH_SOCK", agent.socket());
      for (String type : List.of("rsa", "ecdsa", "ed25519")) {
        Path key = user.newKey(type, "", type);
        authorize(key);
        agent.add(key);
        Files.delete(key);
        assertLogsIn();
        agent.forgetAll();
      }
      assertThat(refusal(server).fact()).contains("no SSH key or password available");
    }
  }

  @Test
  void onlyNamedIdentitiesOfTheAgentAreUsedWhenSshConfigSaysSo() throws Exception {
    try (AgentProcess agent = AgentProcess.start()) {
      user.withVariable("SSH_AUTH_SOCK", agent.socket());
      Path right = user.newKey("right", "secret words", "ed25519");
      authorize(right);
      agent.add(user.newKey("wrong", "", "ed25519"));
      agent.addEncrypted(right, "secret words");
      user.config("IdentitiesOnly yes", "IdentityFile ~/.ssh/wrong");
      assertThat(refusal(server).fact()).contains("key wrong of the agent: not accepted");
      user.config("IdentitiesOnly yes", "IdentityFile ~/.ssh/right");
      assertLogsIn();
      user.config("IdentityAgent none", "IdentityFile ~/.ssh/right");
      assertThat(refusal(server).fact())
          .contains("right: is encrypted, and no passphrase is given");
    }
  }

  @Test
  void aServerIsReachedOverAnother() throws Exception {
    user.of(server).with("proxy-jump", server.user() + "@127.0.0.1:" + server.port());
    assertLogsIn();
  }

  @Test
  void sshKeygenFindsWhatIsWrittenDownAmongHiddenNames() throws Exception {
    user.of(server).with("host-key-policy", "accept-new");
    Files.writeString(user.knownHosts(), "other.example.org " + server.hostKey() + "\n");
    SshUser.run("ssh-keygen", "-q", "-H", "-f", user.knownHosts().toString());
    assertLogsIn();
    assertThat(user.knownHosts()).content().hasLineCount(2);
    assertThat(
            SshUser.run(
                "ssh-keygen", "-F", "[127.0.0.1]:" + server.port(), "-f", "" + user.knownHosts()))
        .contains("found");
  }

  @Test
  void anAuthorityVouchesForHostsWhoseCertificateIsGood() throws Exception {
    Path authority = user.newKey("ca", "", "ed25519");
    for (String type : List.of("ed25519", "rsa", "ecdsa")) {
      Path key = user.newKey("host-" + type, "", type);
      assertThat(certified(authority, key, "-h", "-n", "127.0.0.1")).isNull();
    }
    Path key = user.newKey("host", "", "ed25519");
    assertThat(certified(authority, key, "-h", "-n", "elsewhere")).isEqualTo(Kind.DENIED);
    assertThat(certified(authority, key, "-n", "127.0.0.1")).isEqualTo(Kind.DENIED);
    assertThat(certified(authority, key, "-h", "-n", "127.0.0.1", "-V", "20200101:20200102"))
        .isEqualTo(Kind.DENIED);
    Path stranger = user.newKey("stranger", "", "ed25519");
    assertThat(certified(stranger, key, "-h", "-n", "127.0.0.1")).isEqualTo(Kind.DENIED);
  }

  /** The kind of refusal; null when it connects. */
  private @Nullable Kind certified(Path authority, Path key, String... options) throws Exception {
    List<String> sign = new ArrayList<>(List.of("ssh-keygen", "-q", "-I", "host"));
    sign.addAll(List.of("-s", authority.toString()));
    sign.addAll(List.of(options));
    sign.add(key + ".pub");
    SshUser.run(sign.toArray(String[]::new));
    try (OpenSshServer own =
        OpenSshServer.start("HostKey " + key, "HostCertificate " + key + "-cert.pub")) {
      user.of(own);
      Path trusted = user.folder().resolve("ca.pub");
      Files.writeString(
          user.knownHosts(), "@cert-authority [127.0.0.1]:* " + Files.readString(trusted));
      BackupException refused = refusal(own);
      return refused == null ? null : refused.kind();
    }
  }

  private void authorize(Path key) throws IOException {
    Files.writeString(
        server.identity().resolveSibling("authorized_keys"),
        Files.readString(key.resolveSibling(key.getFileName() + ".pub")),
        StandardOpenOption.APPEND);
  }

  private void assertLogsIn(String identity) throws Exception {
    user.with("identity-file", user.folder().resolve(identity));
    assertLogsIn();
  }

  private void assertLogsIn() throws Exception {
    try (SSHClient client = user.connect(server)) {
      assertThat(client.isAuthenticated()).isTrue();
    }
  }

  private BackupException refusal(SftpServer server) {
    return catchThrowableOfType(BackupException.class, () -> user.connect(server).close());
  }
}
