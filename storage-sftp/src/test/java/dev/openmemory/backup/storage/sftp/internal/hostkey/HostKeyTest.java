package dev.openmemory.backup.storage.sftp.internal.hostkey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.storage.sftp.EmbeddedSftpServer;
import dev.openmemory.backup.storage.sftp.SftpServer;
import dev.openmemory.backup.storage.sftp.SharedServer;
import dev.openmemory.backup.storage.sftp.SshUser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.util.List;
import net.schmizz.sshj.SSHClient;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whom to trust. */
class HostKeyTest {
  private static final KeyPair OTHER = EmbeddedSftpServer.newKey("EC", 256);
  private static final KeyPair OF_ANOTHER_TYPE = EmbeddedSftpServer.newKey("EC", 384);

  /** Of other.example.org and of 127.0.0.1, by ssh-keygen. */
  private static final String HIDDEN_OTHER =
      "|1|bhwrkZAsCvl82bSnaded5gn5H1E=|SvPPtWG/cCEhlUEFfjceYz5vCIE=";

  private static final String HIDDEN_SELF =
      "|1|yrE/fRQ2KnjVU5qQWoyLo+zAgmA=|YLfJZbh3oMYMPdkI8bpRv5HXjZQ=";

  @TempDir Path folder;
  private SshUser user;
  private SftpServer server;

  @BeforeEach
  void begin() throws Exception {
    user = SshUser.in(folder);
    server = SharedServer.EMBEDDED.get();
  }

  @AfterEach
  void end() {
    user.close();
  }

  @Test
  void anUnknownHostIsRefusedWithItsFingerprintAndNotWrittenDown() throws Exception {
    user.of(server);
    Files.delete(user.knownHosts());
    BackupException refused = refusal(server);
    assertThat(refused.kind()).isEqualTo(Kind.DENIED);
    assertThat(refused.getMessage())
        .contains("127.0.0.1:" + server.port())
        .contains(server.fingerprint())
        .contains(user.knownHosts().toString());
    assertThat(user.knownHosts()).doesNotExist();
  }

  @Test
  void aNewKeyIsWrittenDownWhenAskedForAndIsEnoughFromThenOn() throws Exception {
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

  @Test
  void aNewKeyIsHiddenAmongHiddenOnesAndKeepsWhatIsThere() throws Exception {
    user.of(server).with("host-key-policy", "accept-new");
    String before = HIDDEN_OTHER + " " + server.hostKey();
    Files.writeString(user.knownHosts(), before);
    assertConnects(server);
    List<String> lines = Files.readAllLines(user.knownHosts());
    assertThat(lines).hasSize(2).first().isEqualTo(before);
    assertThat(lines.get(1)).startsWith("|1|");
    user.with("host-key-policy", "strict");
    assertConnects(server);
  }

  @Test
  void aHiddenNameIsKnown() throws Exception {
    user.of(server);
    Files.writeString(user.knownHosts(), HIDDEN_OTHER + " " + server.hostKey() + "\n");
    assertThat(refusal(server).fact()).contains("unknown host");
    Files.writeString(user.knownHosts(), HIDDEN_SELF + " " + server.hostKey() + "\n");
    assertConnects(server);
  }

  @Test
  void aKeyThatHasChangedStopsEverythingAndShowsBoth() throws Exception {
    user.of(server).with("host-key-policy", "accept-new");
    Files.writeString(user.knownHosts(), "# mine\n\n" + Files.readString(user.knownHosts()));
    assertConnects(server);
    know("# mine\n\n", server, PublicKeyEntry.toString(OTHER.getPublic()));
    BackupException refused = refusal(server);
    assertThat(refused.kind()).isEqualTo(Kind.DENIED);
    assertThat(refused.fact())
        .contains("the host key has changed")
        .contains("offered " + server.fingerprint())
        .contains("expected ecdsa-sha2-nistp256 " + KeyUtils.getFingerPrint(OTHER.getPublic()))
        .contains("(" + user.knownHosts() + " line 3)");
  }

  @Test
  void aRevokedKeyIsRefusedAlsoWhenAnotherLineKnowsIt() throws Exception {
    user.of(server).with("host-key-policy", "accept-new");
    Files.writeString(
        user.knownHosts(),
        Files.readString(user.knownHosts()) + "@revoked * " + server.hostKey() + "\n");
    BackupException refused = refusal(server);
    assertThat(refused.kind()).isEqualTo(Kind.DENIED);
    assertThat(refused.fact())
        .contains("revoked by " + user.knownHosts() + " line 2")
        .contains(server.fingerprint());
  }

  @Test
  void theServerIsAskedForTheTypeOfKeyThatIsKnown() throws Exception {
    try (EmbeddedSftpServer several =
        EmbeddedSftpServer.start(EmbeddedSftpServer.withHostKeys(OTHER, OF_ANOTHER_TYPE))) {
      for (KeyPair key : List.of(OTHER, OF_ANOTHER_TYPE)) {
        user.of(several);
        know("", several, PublicKeyEntry.toString(key.getPublic()));
        assertConnects(several);
      }
    }
  }

  @Test
  void aHostThatIsKnownByAnotherTypeOfKeyIsNoNewHost() throws Exception {
    user.of(server).with("host-key-policy", "accept-new");
    know("", server, PublicKeyEntry.toString(OF_ANOTHER_TYPE.getPublic()));
    BackupException refused = refusal(server);
    assertThat(refused.kind()).isEqualTo(Kind.DENIED);
    assertThat(refused.fact())
        .contains("known by keys of other types")
        .contains("offered " + server.fingerprint())
        .contains("expected ecdsa-sha2-nistp384 SHA256:");
  }

  @Test
  void sshConfigMayNameAliasAndFilesAndBeStricter() throws Exception {
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

  @Test
  void aHostBehindAnotherPortMayBeKnownByItsNameAlone() throws Exception {
    user.of(server);
    Files.writeString(user.knownHosts(), "127.0.0.1 " + server.hostKey() + "\n");
    assertConnects(server);
  }

  private void know(String before, SftpServer server, String key) throws IOException {
    Files.writeString(
        user.knownHosts(), before + "[127.0.0.1]:" + server.port() + " " + key + "\n");
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
