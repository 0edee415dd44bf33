package dev.openmemory.backup.storage.sftp.internal.sshconfig;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.internal.watch.CallWatch;
import dev.openmemory.backup.storage.sftp.internal.settings.ClientEnvironment;
import java.net.StandardProtocolFamily;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** With answers of {@code ssh -G} that were recorded. */
class SshProgramTest {
  private static final ClientEnvironment LOCAL =
      new ClientEnvironment(
          "me", Path.of("/home/me"), Path.of("/etc/ssh"), Map.of("V", "/v"), null);

  @Test
  void whatSshLeavesAsItIsWrittenIsResolved() throws Exception {
    HostSettings host =
        of(
            """
            host nas
            user backup user
            hostname nas.lan
            port 2200
            addressfamily inet6
            identitiesonly yes
            proxyusefdpass no
            stricthostkeychecking true
            serveraliveinterval 7
            hostkeyalias al-%h
            identityagent /home/me/agent-nas.lan
            identityfile ~/k-%h-%r-%n-%u
            identityfile %d/my keys/a b
            identityfile ${V}/x
            certificatefile %d/cert
            globalknownhostsfile none
            userknownhostsfile /home/me/k1 /k 2 ~/k3
            connecttimeout 90
            proxyjump jmp,%h-b:23
            """);
    assertThat(host.address()).isEqualTo("backup user@nas.lan:2200");
    assertThat(host.family()).isEqualTo(StandardProtocolFamily.INET6);
    assertThat(host.identityFiles())
        .containsExactly(
            Path.of("/home/me/k-nas.lan-backup user-nas-me"),
            Path.of("/home/me/my keys/a b"),
            Path.of("/v/x"));
    assertThat(host.identitiesNamed()).isTrue();
    assertThat(host.identitiesOnly()).isTrue();
    assertThat(host.certificateFiles()).containsExactly(Path.of("/home/me/cert"));
    assertThat(host.agentSocket()).isEqualTo(Path.of("/home/me/agent-nas.lan"));
    assertThat(host.userKnownHosts())
        .containsExactly(Path.of("/home/me/k1"), Path.of("/k 2"), Path.of("/home/me/k3"));
    assertThat(host.globalKnownHosts()).isEmpty();
    assertThat(host.keyAlias()).isEqualTo("al-%h");
    assertThat(host.strict()).isTrue();
    assertThat(host.connectTimeout()).contains(Duration.ofSeconds(90));
    assertThat(host.keepalive()).contains(Duration.ofSeconds(7));
    assertThat(host.jumps())
        .containsExactly(new HostAddress(null, "jmp", 0), new HostAddress(null, "nas.lan-b", 23));
  }

  @Test
  void theCommandOfAProxyKeepsWhatIsForTheShell() throws Exception {
    HostSettings host =
        of(
            """
            hostname nas.lan
            proxycommand nc "%r" 'a  b' ${V} %h %p %%
            """);
    assertThat(host.proxyCommand()).isEqualTo("nc \"me\" 'a  b' ${V} nas.lan 22 %");
    assertThat(host.toString()).doesNotContain("nc");
  }

  @Test
  void theUsualKeysAreNotTakenForNamedOnes() throws Exception {
    assertThat(
            of("""
                    identityfile ~/.ssh/id_rsa
                    identityfile ~/.ssh/id_ecdsa
                    identityfile ~/.ssh/id_ecdsa_sk
                    identityfile ~/.ssh/id_ed25519
                    identityfile ~/.ssh/id_ed25519_sk
                    connecttimeout none
                    """)
                .identitiesNamed())
        .isFalse();
    assertThat(of("identityfile ~/.ssh/id_rsa\n").identitiesNamed()).isTrue();
    HostSettings none = of("identityfile none\n");
    assertThat(none.identitiesNamed()).isTrue();
    assertThat(none.identityFiles()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"bindaddress 127.0.0.1", "proxyusefdpass yes", "revokedhostkeys /k"})
  void whatWeCannotDoIsRefusedByName(String line) {
    assertThatThrownBy(() -> of(line + "\n"))
        .isInstanceOfSatisfying(
            BackupException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNSUPPORTED))
        .hasMessageContaining(line.split(" ", -1)[0]);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-oProxyCommand=x",
        "-x",
        "a b",
        "$(x)",
        "`x`",
        "a;b",
        "a|b",
        "a\\",
        "a'b",
        "a\nb"
      })
  void whatAShellMayRunIsRefusedBeforeAnyProgramIsStarted(String text) {
    // The program does not exist: to start it would be another failure.
    ClientEnvironment local =
        new ClientEnvironment(
            "me", Path.of("/home/me"), Path.of("/etc/ssh"), Map.of(), Path.of("/no/ssh"));
    try (CallWatch watch = new CallWatch("test-watch")) {
      SshConfig config = new SshConfig(null, local, watch, Duration.ofMinutes(1));
      for (HostAddress address :
          List.of(new HostAddress(null, text, 0), new HostAddress(text, "nas", 0))) {
        assertThatThrownBy(() -> config.of(address, null))
            .isInstanceOfSatisfying(
                BackupException.class, e -> assertThat(e.kind()).isEqualTo(Kind.INVALID))
            .hasMessageContaining("a shell may run");
      }
    }
  }

  private static HostSettings of(String answer) throws BackupException {
    HostValues values = new HostValues(new HostAddress(null, "nas", 0), null, LOCAL);
    for (ConfigLine line : SshProgram.parse(answer, "ssh -G")) {
      values.read(line);
    }
    return values.settings();
  }
}
