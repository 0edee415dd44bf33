package dev.openmemory.backup.storage.sftp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import net.schmizz.sshj.SSHClient;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whom to trust, at real servers, with files as OpenSSH's own programs write them. */
class HostKeyTest {
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
  void anUnknownHostIsRefusedWithItsFingerprintAndNotWrittenDown() throws Exception {
    try (OpenSshServer server = OpenSshServer.start()) {
      user.of(server);
      Files.delete(user.knownHosts());
      BackupException refused = refusal(server);
      assertThat(refused.kind()).isEqualTo(Kind.DENIED);
      assertThat(refused.getMessage())
          .contains("127.0.0.1:" + server.port())
          .contains("ssh-ed25519 " + fingerprint(server))
          .contains(user.knownHosts().toString());
      assertThat(user.knownHosts()).doesNotExist();
    }
  }

  @Test
  void aNewKeyIsWrittenDownWhenAskedForAndIsEnoughFromThenOn() throws Exception {
    try (OpenSshServer server = OpenSshServer.start()) {
      Path file = user.folder().resolve("new/known");
      user.of(server).with("known-hosts", file).with("host-key-policy", "accept-new");
      assertConnects(server);
      assertThat(file).hasContent("[127.0.0.1]:" + server.port() + " " + server.hostKey());
      assertThat(mode(file)).isEqualTo("rw-------");
      assertThat(mode(user.folder().resolve("new"))).isEqualTo("rwx------");
      user.with("host-key-policy", "strict");
      assertConnects(server);
      assertThat(file).content().hasLineCount(1);
    }
  }

  @Test
  void aNewKeyIsHiddenAmongHiddenOnesAndKeepsWhatIsThere() throws Exception {
    try (OpenSshServer server = OpenSshServer.start()) {
      user.of(server).with("host-key-policy", "accept-new");
      String other = "other.example.org " + server.hostKey();
      Files.writeString(user.knownHosts(), other);
      SshUser.run("ssh-keygen", "-q", "-H", "-f", user.knownHosts().toString());
      String before = Files.readString(user.knownHosts()).stripTrailing();
      Files.writeString(user.knownHosts(), before);
      assertConnects(server);
      List<String> lines = Files.readAllLines(user.knownHosts());
      assertThat(lines).hasSize(2).first().isEqualTo(before);
      assertThat(lines.get(1)).startsWith("|1|");
      assertThat(
              SshUser.run(
                  "ssh-keygen", "-F", "[127.0.0.1]:" + server.port(), "-f", "" + user.knownHosts()))
          .contains("found");
      user.with("host-key-policy", "strict");
      assertConnects(server);
    }
  }

  @Test
  void aKeyThatHasChangedStopsEverythingAndShowsBoth() throws Exception {
    try (OpenSshServer server = OpenSshServer.start()) {
      user.of(server).with("host-key-policy", "accept-new");
      Files.writeString(user.knownHosts(), "# mine\n\n" + Files.readString(user.knownHosts()));
      String expected = fingerprint(server);
      assertConnects(server);
      server.kill();
      server.changeHostKey();
      server.run();
      BackupException refused = refusal(server);
      assertThat(refused.kind()).isEqualTo(Kind.DENIED);
      assertThat(refused.fact())
          .contains("the host key has changed")
          .contains("offered ssh-ed25519 " + fingerprint(server))
          .contains("expected ssh-ed25519 " + expected)
          .contains("(" + user.knownHosts() + " line 3)");
    }
  }

  @Test
  void aRevokedKeyIsRefusedAlsoWhenAnotherLineKnowsIt() throws Exception {
    try (OpenSshServer server = OpenSshServer.start()) {
      user.of(server).with("host-key-policy", "accept-new");
      Files.writeString(
          user.knownHosts(),
          Files.readString(user.knownHosts()) + "@revoked * " + server.hostKey() + "\n");
      BackupException refused = refusal(server);
      assertThat(refused.kind()).isEqualTo(Kind.DENIED);
      assertThat(refused.fact())
          .contains("revoked by " + user.knownHosts() + " line 2")
          .contains(fingerprint(server));
    }
  }

  @Test
  void theServerIsAskedForTheTypeOfKeyThatIsKnown() throws Exception {
    Path rsa = user.newKey("rsa", "", "rsa", "-b", "2048");
    Path ecdsa = user.newKey("ecdsa", "", "ecdsa");
    try (OpenSshServer server = OpenSshServer.start("HostKey " + rsa, "HostKey " + ecdsa)) {
      for (Path key : List.of(rsa, ecdsa)) {
        user.of(server);
        know(server, Files.readString(Path.of(key + ".pub")));
        assertConnects(server);
      }
    }
  }

  @Test
  void aHostThatIsKnownByAnotherTypeOfKeyIsNoNewHost() throws Exception {
    Path other = user.newKey("other", "", "ecdsa");
    try (OpenSshServer server = OpenSshServer.start()) {
      user.of(server).with("host-key-policy", "accept-new");
      know(server, Files.readString(Path.of(other + ".pub")));
      BackupException refused = refusal(server);
      assertThat(refused.kind()).isEqualTo(Kind.DENIED);
      assertThat(refused.fact())
          .contains("known by keys of other types")
          .contains("offered ssh-ed25519 " + fingerprint(server))
          .contains("expected ecdsa-sha2-nistp256 SHA256:");
    }
  }

  @Test
  @Tag("long")
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
    try (OpenSshServer server =
        OpenSshServer.start("HostKey " + key, "HostCertificate " + key + "-cert.pub")) {
      user.of(server);
      Path trusted = user.folder().resolve("ca.pub");
      Files.writeString(
          user.knownHosts(), "@cert-authority [127.0.0.1]:* " + Files.readString(trusted));
      BackupException refused = refusal(server);
      return refused == null ? null : refused.kind();
    }
  }

  @Test
  void sshConfigMayNameAliasAndFilesAndBeStricter() throws Exception {
    try (OpenSshServer server = OpenSshServer.start()) {
      user.of(server);
      Path file = user.folder().resolve("mine");
      Files.writeString(file, "storage,!x " + server.hostKey() + "\n");
      Files.delete(user.knownHosts());
      user.config("HostKeyAlias Storage", "UserKnownHostsFile none ~/.ssh/mine");
      assertConnects(server);
      user.config("StrictHostKeyChecking no");
      assertThat(refusal(server).fact()).contains("unknown host");
      user.with("host-key-policy", "accept-new");
      user.config("StrictHostKeyChecking yes");
      assertThat(refusal(server).fact()).contains("StrictHostKeyChecking yes");
      user.config("UserKnownHostsFile none", "GlobalKnownHostsFile none");
      assertThat(refusal(server).fact()).contains("no file to add it to");
    }
  }

  @Test
  void aHostBehindAnotherPortMayBeKnownByItsNameAlone() throws Exception {
    try (OpenSshServer server = OpenSshServer.start()) {
      user.of(server);
      Files.writeString(user.knownHosts(), "127.0.0.1 " + server.hostKey() + "\n");
      assertConnects(server);
    }
  }

  private void know(SftpServer server, String key) throws IOException {
    Files.writeString(user.knownHosts(), "[127.0.0.1]:" + server.port() + " " + key);
  }

  private String fingerprint(OpenSshServer server) throws IOException {
    Path key = server.identity().resolveSibling("host.pub");
    return SshUser.run("ssh-keygen", "-l", "-f", key.toString()).split(" ", -1)[1];
  }

  private static String mode(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }

  private void assertConnects(SftpServer server) throws Exception {
    try (SSHClient client = user.connect(server)) {
      assertThat(client.isAuthenticated()).isTrue();
    }
  }

  private BackupException refusal(SftpServer server) {
    return catchThrowableOfType(BackupException.class, () -> user.connect(server).close());
  }
}
