package dev.openmemory.backup.storage.sftp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.internal.watch.CallWatch;
import dev.openmemory.backup.storage.sftp.internal.settings.ClientEnvironment;
import dev.openmemory.backup.storage.sftp.internal.sshconfig.HostAddress;
import dev.openmemory.backup.storage.sftp.internal.sshconfig.SshConfig;
import dev.openmemory.backup.testconditions.Requires;
import dev.openmemory.backup.testconditions.Seeds;
import dev.openmemory.backup.testconditions.Soak;
import dev.openmemory.backup.testconditions.SoakTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compares our reader of ssh_config with {@code ssh -G} over files that chance has written. */
@Tag("services")
class SshConfigOracleTest {
  private static final Path SSH = Path.of("/usr/bin/ssh");
  private static final int FILES = 40;
  private static final List<String> HOSTS = List.of("nas", "nas.lan", "other", "db1");

  private static final List<String> PATTERNS =
      List.of("nas", "*", "n?s", "nas.lan", "!nas *", "db? other", "*.lan !nas.lan", "\"nas\" db1");

  private static final List<String> LINES =
      List.of(
          "HostName real",
          "HostName %h.example.ORG",
          "Hostname=x.%h",
          "User backup",
          "User = \"other one\"",
          "Port 2222",
          "port=22",
          "IdentityFile /k/a",
          "IdentityFile \"/k/with space\"",
          "IdentityFile '/k/b' # that one",
          "IdentityFile none",
          "IdentitiesOnly yes",
          "IdentitiesOnly no",
          "CertificateFile /k/cert",
          "UserKnownHostsFile /k/known /k/known2",
          "UserKnownHostsFile none",
          "GlobalKnownHostsFile /k/global",
          "HostKeyAlias alias",
          "StrictHostKeyChecking yes",
          "StrictHostKeyChecking accept-new",
          "StrictHostKeyChecking no",
          "ProxyJump a",
          "ProxyJump u@a:23,b-%h",
          "ProxyJump none",
          "ProxyCommand none",
          "ConnectTimeout 17",
          "ConnectTimeout 1m5s",
          "ServerAliveInterval 7",
          "Compression yes",
          "AddressFamily inet",
          "# a comment",
          "");

  @TempDir Path folder;

  private final CallWatch watch = new CallWatch("test-watch");

  @BeforeEach
  void requireSsh() {
    Requires.that(Files.isExecutable(SSH), "ssh");
  }

  @AfterEach
  void endWatch() {
    watch.close();
  }

  @Test
  void withoutSshAHostIsWhatSshSaysThatItIs() throws Exception {
    compare(Seeds.random());
  }

  @SoakTest
  void withoutSshAHostIsWhatSshSaysThatItIsForAnyFile() throws Exception {
    Soak.rounds(this::compare);
  }

  private void compare(Random random) throws Exception {
    for (int i = 0; i < FILES; i++) {
      List<String> all = new ArrayList<>();
      Path file = write(random, i, all);
      HostAddress host = new HostAddress(null, pick(random, HOSTS), 0);
      assertThat(config(file, null).of(host, null))
          .as("host " + host.host() + ":\n" + String.join("\n", all))
          .isEqualTo(config(file, SSH).of(host, null));
    }
  }

  private SshConfig config(Path file, @Nullable Path ssh) {
    ClientEnvironment here = ClientEnvironment.current();
    ClientEnvironment local =
        new ClientEnvironment(here.user(), here.home(), here.system(), Map.of(), ssh);
    return new SshConfig(file, local, watch, Duration.ofMinutes(1));
  }

  /**
   * Writes a file.
   *
   * @param all gets its lines, and in their place those of the files that it includes
   */
  private Path write(Random random, int number, List<String> all) throws IOException {
    List<String> lines = new ArrayList<>();
    int blocks = random.nextInt(5);
    fill(lines, random);
    for (int i = 0; i < blocks; i++) {
      lines.add("Host " + pick(random, PATTERNS));
      fill(lines, random);
      if (random.nextInt(4) == 0) {
        List<String> included = new ArrayList<>();
        fill(included, random);
        included.add("Host " + pick(random, PATTERNS));
        fill(included, random);
        Path other = folder.resolve("included-" + number + "-" + i);
        lines.add("  Include " + Files.write(other, included));
        fill(lines, random);
      }
    }
    for (String line : lines) {
      all.add(line);
      if (line.startsWith("  Include ")) {
        all.addAll(Files.readAllLines(Path.of(line.substring("  Include ".length()))));
      }
    }
    return Files.write(folder.resolve("config-" + number), lines);
  }

  private static void fill(List<String> lines, Random random) {
    for (int i = random.nextInt(4); i > 0; i--) {
      lines.add(" ".repeat(random.nextInt(3)) + pick(random, LINES));
    }
  }

  private static String pick(Random random, List<String> all) {
    return all.get(random.nextInt(all.size()));
  }
}
