package dev.openmemory.backup.storage.sftp.internal.sshconfig;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.internal.watch.CallWatch;
import dev.openmemory.backup.storage.sftp.internal.settings.ClientEnvironment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SshConfigTest {
  @TempDir Path folder;
  private final CallWatch watch = new CallWatch("test-watch");
  private ClientEnvironment local;

  @BeforeEach
  void home() throws IOException {
    Path home = Files.createDirectories(folder.resolve("home"));
    Path system = Files.createDirectories(folder.resolve("etc"));
    Files.createDirectories(home.resolve(".ssh/conf.d"));
    local =
        new ClientEnvironment(
            "me", home, system, Map.of("KEYS", "/keys", "SSH_AUTH_SOCK", "/agent"), null);
  }

  @AfterEach
  void endWatch() {
    watch.close();
  }

  @Test
  void withoutFilesAHostIsItself() throws Exception {
    HostSettings host = of("NAS.example.org");
    assertThat(host.hostName()).isEqualTo("nas.example.org");
    assertThat(host.port()).isEqualTo(22);
    assertThat(host.user()).isEqualTo("me");
    assertThat(host.identityFiles()).isEmpty();
    assertThat(host.identitiesNamed()).isFalse();
    assertThat(host.agentSocket()).isEqualTo(Path.of("/agent"));
    assertThat(host.jumps()).isEmpty();
    assertThat(host.userKnownHosts())
        .containsExactly(
            local.folder().resolve("known_hosts"), local.folder().resolve("known_hosts2"));
    assertThat(host.globalKnownHosts())
        .first()
        .isEqualTo(local.system().resolve("ssh_known_hosts"));
  }

  @Test
  void theFirstValueWinsAndTheUsersFileComesFirst() throws Exception {
    user("Host nas", "  Port 1", "  IdentityFile ~/a", "Host *", "  Port 2", "  IdentityFile b");
    system("Port 3", "User backup", "IdentityFile ~/a");
    HostSettings host = of("nas");
    assertThat(host.port()).isEqualTo(1);
    assertThat(host.user()).isEqualTo("backup");
    assertThat(host.identityFiles()).containsExactly(local.home().resolve("a"), Path.of("b"));
    assertThat(of("other").port()).isEqualTo(2);
  }

  @Test
  void whatTheLocationSaysCountsMost() throws Exception {
    user("Port 1", "User backup", "ProxyCommand nc %h %p", "ProxyJump other");
    HostSettings host =
        config(null)
            .of(new HostAddress("root", "nas", 22), List.of(new HostAddress(null, "jump", 0)));
    assertThat(host.port()).isEqualTo(22);
    assertThat(host.user()).isEqualTo("root");
    assertThat(host.proxyCommand()).isNull();
    assertThat(host.jumps()).containsExactly(new HostAddress(null, "jump", 0));
  }

  @Test
  void aFileOfOnesOwnIsReadInsteadOfTheOthers() throws Exception {
    user("Port 1");
    system("User backup");
    Path own = Files.writeString(folder.resolve("own"), "HostName real.%h\n");
    HostSettings host = config(own).of(new HostAddress(null, "nas", 0), null);
    assertThat(host.hostName()).isEqualTo("real.nas");
    assertThat(host.port()).isEqualTo(22);
    assertThat(host.user()).isEqualTo("me");
    Path missing = folder.resolve("missing");
    assertThatThrownBy(() -> config(missing).of(new HostAddress(null, "nas", 0), null))
        .hasMessageContaining("'ssh-config' cannot be read: " + missing);
  }

  @Test
  void includesAreRelativeToTheirFolderAndKeepTheirBlock() throws Exception {
    Files.writeString(local.folder().resolve("conf.d/1"), "Host nas\nPort 1\nHost other\nPort 2\n");
    Files.writeString(local.folder().resolve("conf.d/2"), "User two\n");
    Files.writeString(local.folder().resolve("conf.d/.3"), "Port 9\n");
    user("Host nas", "  Include conf.d/*", "  ConnectTimeout 1m30s", "Host other", "  Port 3");
    HostSettings host = of("nas");
    assertThat(host.port()).isEqualTo(1);
    assertThat(host.user()).isEqualTo("two");
    assertThat(host.connectTimeout()).contains(Duration.ofSeconds(90));
    assertThat(of("other").port()).isEqualTo(3);
    assertThat(of("other").user()).isEqualTo("me");
  }

  @Test
  void aCircleOfIncludesIsRefused() throws Exception {
    user("Include config");
    assertThatThrownBy(() -> of("nas"))
        .isInstanceOfSatisfying(
            BackupException.class, e -> assertThat(e.kind()).isEqualTo(Kind.INVALID))
        .hasMessageContaining("too deeply");
  }

  @Test
  void theReaderIsNamed() {
    Path ssh = Path.of("/opt/bin/ssh");
    ClientEnvironment withSsh =
        new ClientEnvironment("me", local.home(), local.system(), Map.of(), ssh);
    assertThat(config(null).reader()).isEqualTo("our own reader of ssh_config");
    assertThat(config(null, withSsh).reader()).isEqualTo(ssh + " -G");
    assertThat(config(Path.of("/dev/null"), withSsh).reader())
        .isEqualTo("our own reader of ssh_config");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Match all",
        "ProxyCommand nc %h %p",
        "CanonicalizeHostname yes",
        "PKCS11Provider /lib/x.so",
        "Prot 22"
      })
  void whatOnlySshUnderstandsIsRefusedByName(String line) throws Exception {
    user("Host other", "  User x", "Host *", "  " + line);
    String keyword = line.split(" ", -1)[0].toLowerCase(Locale.ROOT);
    assertThatThrownBy(() -> of("nas"))
        .isInstanceOfSatisfying(
            BackupException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNSUPPORTED))
        .hasMessageContaining("config line 4")
        .hasMessageContaining("only the program ssh understands '" + keyword + "'")
        .hasMessageContaining("install an OpenSSH client")
        .hasMessageNotContaining("nc %h");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "BindInterface eth0",
        "BindAddress ::1",
        "RevokedHostKeys /k",
        "ProxyUseFdpass yes"
      })
  void whatWeCannotDoIsRefusedByName(String line) throws Exception {
    user(line);
    assertThatThrownBy(() -> of("nas"))
        .isInstanceOfSatisfying(
            BackupException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNSUPPORTED))
        .hasMessageContaining(line.split(" ", -1)[0].toLowerCase(Locale.ROOT));
  }

  @Test
  void linesForOtherHostsAndWithoutEffectAreNoReasonToRefuse() throws Exception {
    user(
        "SendEnv LANG LC_*",
        "HashKnownHosts yes",
        "GSSAPIAuthentication yes",
        "ForwardAgent no",
        "ControlMaster auto",
        "ServerAliveCountMax 3",
        "RevokedHostKeys none",
        "Host other",
        "  ProxyCommand nc %h %p");
    assertThat(of("nas").proxyCommand()).isNull();
  }

  @Test
  void tokensVariablesAndQuotesAreResolved() throws Exception {
    user(
        "HostName=\"%h.lan\"",
        "User = backup",
        "IdentityFile \"%d/my keys/%r@%h:%p-%u-100%%\" # mine",
        "CertificateFile ${KEYS}/cert",
        "IdentityAgent $KEYS",
        "UserKnownHostsFile ~/k1 \"/k 2\"",
        "GlobalKnownHostsFile none");
    HostSettings host = of("nas");
    assertThat(host.identityFiles())
        .containsExactly(local.home().resolve("my keys/backup@nas.lan:22-me-100%"));
    assertThat(host.certificateFiles()).containsExactly(Path.of("/keys/cert"));
    assertThat(host.agentSocket()).isEqualTo(Path.of("/keys"));
    assertThat(host.userKnownHosts()).containsExactly(local.home().resolve("k1"), Path.of("/k 2"));
    assertThat(host.globalKnownHosts()).isEmpty();
  }

  @Test
  void noneMeansNone() throws Exception {
    user("IdentityFile none", "IdentityAgent none", "ProxyCommand none", "ProxyJump a");
    HostSettings host = of("nas");
    assertThat(host.identityFiles()).isEmpty();
    assertThat(host.identitiesNamed()).isTrue();
    assertThat(host.agentSocket()).isNull();
    assertThat(host.jumps()).isEmpty();
    assertThat(host.proxyCommand()).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "ProxyJump a;ProxyCommand nc, a",
    "ProxyJump a;ProxyJump none, a",
    "ProxyCommand none;ProxyJump a, ''",
    "ProxyCommand none;ProxyCommand nc, ''",
    "ProxyJump none;ProxyJump a, ''",
    "ProxyJump none;ProxyCommand nc, ''",
    "ProxyJump %h-jump, nas-jump"
  })
  void ofProxyJumpAndProxyCommandTheFirstCounts(String lines, String jump) throws Exception {
    user(lines.split(";", -1));
    HostSettings host = of("nas");
    assertThat(host.jumps())
        .isEqualTo(jump.isEmpty() ? List.of() : List.of(new HostAddress(null, jump, 0)));
    assertThat(host.proxyCommand()).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "Host nas, nas, true",
    "Host nas, nas.lan, false",
    "Host *, other, true",
    "Host n?s, nas, true",
    "Host n?s, nas.lan, false",
    "Host !nas *, nas, false",
    "Host !nas *, db1, true",
    "Host db? other, db1, true",
    "Host *.lan !nas.lan, nas.lan, false",
    "Host *.lan !nas.lan, db.lan, true",
    "'Host \"nas\" db1', nas, true"
  })
  void aBlockIsForTheHostsThatItsLineMatches(String block, String host, boolean matches)
      throws Exception {
    user("User backup", block, " Port 1");
    assertThat(of(host).port()).isEqualTo(matches ? 1 : 22);
  }

  @Test
  void hostsOnTheWayAreReadInEachForm() throws Exception {
    user("ProxyJump a,u@b:2222,ssh://v@[::1]:7/");
    assertThat(of("nas").jumps())
        .containsExactly(
            new HostAddress(null, "a", 0),
            new HostAddress("u", "b", 2222),
            new HostAddress("v", "::1", 7));
  }

  @Test
  void mistakesNameFileAndLine() throws Exception {
    Path file = local.folder().resolve("config");
    for (String line :
        List.of(
            "Port many",
            "Port 0",
            "User",
            "IdentitiesOnly maybe",
            "User \"x",
            "ConnectTimeout soon")) {
      user("# first", line);
      assertThatThrownBy(() -> of("nas")).as(line).hasMessageContaining(file + " line 2");
    }
    user("IdentityFile /x/%Z");
    assertThatThrownBy(() -> of("nas")).hasMessageContaining("token is not known: %Z");
  }

  private void user(String... lines) throws IOException {
    Files.write(local.folder().resolve("config"), List.of(lines));
  }

  private void system(String... lines) throws IOException {
    Files.write(local.system().resolve("ssh_config"), List.of(lines));
  }

  private HostSettings of(String host) throws BackupException {
    return config(null).of(new HostAddress(null, host, 0), null);
  }

  private SshConfig config(@Nullable Path only) {
    return config(only, local);
  }

  private SshConfig config(@Nullable Path only, ClientEnvironment environment) {
    return new SshConfig(only, environment, watch, Duration.ofMinutes(1));
  }
}
