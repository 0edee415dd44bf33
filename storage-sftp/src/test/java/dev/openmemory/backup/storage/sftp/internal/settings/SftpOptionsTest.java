package dev.openmemory.backup.storage.sftp.internal.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.spi.ProviderOptions;
import dev.openmemory.backup.storage.sftp.internal.settings.SftpOptions.HostKeyPolicy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SftpOptionsTest {
  private static final Path HOME = Path.of("/home/me");

  @Test
  void withoutOptionsAllIsAsSshHasIt() throws Exception {
    SftpOptions options = of(Map.of());
    assertThat(options.identityFiles()).isEmpty();
    assertThat(options.knownHosts()).isNull();
    assertThat(options.sshConfig()).isNull();
    assertThat(options.proxyJump()).isNull();
    assertThat(options.hostKeyPolicy()).isEqualTo(HostKeyPolicy.STRICT);
    assertThat(options.parallelism()).isIn(2, 4);
    assertThat(options.timeout()).isEqualTo(Duration.ofSeconds(30));
    assertThat(options.keepalive()).isEqualTo(Duration.ofSeconds(15));
    assertThat(options.limit()).isEmpty();
  }

  @Test
  void eachOptionIsTaken() throws Exception {
    SftpOptions options =
        of(
            Map.ofEntries(
                Map.entry("identity-file", "~/.ssh/a,/keys/b"),
                Map.entry("passphrase-file", "~/phrase"),
                Map.entry("password-file", "/pw"),
                Map.entry("known-hosts", "~/known"),
                Map.entry("host-key-policy", "accept-new"),
                Map.entry("ssh-config", "/cfg"),
                Map.entry("proxy-jump", "a,b@c:22"),
                Map.entry("parallelism", "10"),
                Map.entry("timeout", "PT2M"),
                Map.entry("keepalive", "PT0S"),
                Map.entry("limit", "2MiB")));
    assertThat(options.identityFiles()).containsExactly(HOME.resolve(".ssh/a"), Path.of("/keys/b"));
    assertThat(options.passphraseFile()).isEqualTo(HOME.resolve("phrase"));
    assertThat(options.passwordFile()).isEqualTo(Path.of("/pw"));
    assertThat(options.knownHosts()).isEqualTo(HOME.resolve("known"));
    assertThat(options.hostKeyPolicy()).isEqualTo(HostKeyPolicy.ACCEPT_NEW);
    assertThat(options.sshConfig()).isEqualTo(Path.of("/cfg"));
    assertThat(options.proxyJump()).isEqualTo("a,b@c:22");
    assertThat(options.parallelism()).isEqualTo(10);
    assertThat(options.timeout()).isEqualTo(Duration.ofMinutes(2));
    assertThat(options.keepalive()).isEqualTo(Duration.ZERO);
    assertThat(options.limit()).isEqualTo(OptionalLong.of(2 << 20));
  }

  @ParameterizedTest
  @CsvSource({
    "identity-file,'a,,b'",
    "identity-file,''",
    "host-key-policy,no",
    "parallelism,0",
    "parallelism,11",
    "parallelism,many",
    "timeout,PT0.5S",
    "timeout,PT2H",
    "timeout,30",
    "keepalive,PT0.5S",
    "keepalive,PT-1S",
    "limit,0",
    "limit,1000",
    "limit,fast"
  })
  void aValueThatCannotBeMeantIsRefusedByName(String name, String value) {
    assertThatThrownBy(() -> of(Map.of(name, value)))
        .isInstanceOfSatisfying(
            BackupException.class,
            e -> assertThat(e.kind()).isEqualTo(BackupException.Kind.INVALID))
        .hasMessageContaining("options of sftp: '" + name + "' ");
  }

  @Test
  void anUnknownOptionIsRefused() {
    assertThatThrownBy(() -> of(Map.of("pasword-file", "x")))
        .isInstanceOfSatisfying(
            BackupException.class,
            e -> assertThat(e.kind()).isEqualTo(BackupException.Kind.UNSUPPORTED))
        .hasMessageContaining("password-file");
  }

  private static SftpOptions of(Map<String, String> options) throws BackupException {
    return SftpOptions.of(new ProviderOptions("sftp", options), HOME);
  }
}
