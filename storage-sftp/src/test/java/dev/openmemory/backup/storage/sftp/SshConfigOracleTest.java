package dev.openmemory.backup.storage.sftp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.storage.sftp.internal.settings.ClientEnvironment;
import dev.openmemory.backup.storage.sftp.internal.sshconfig.HostAddress;
import dev.openmemory.backup.storage.sftp.internal.sshconfig.HostSettings;
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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compares with {@code ssh -G} over many files that chance has written. */
@Tag("services")
class SshConfigOracleTest {
  private static final Path SSH = Path.of("/usr/bin/ssh");
  private static final int FILES = 40;
  private static final List<String> HOSTS = List.of("nas", "nas.lan", "other", "db1");

  private static final List<String> PATTERNS =
      List.of("nas", "*", "n?s", "nas.lan", "!nas *", "db? other", "*.lan !nas.lan", "\"nas\" db1");

  private static final List<String> MATCHES =
      List.of(
          "all",
          "host nas",
          "host real,nas.lan",
          "host *,!nas",
          "originalhost n*",
          "!host nas",
          "user backup",
          "host=nas user *",
          "!user backup originalhost nas,db*");

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
          "ProxyJump u@a:23,b",
          "ProxyJump none",
          "ProxyCommand nc %h %p",
          "ProxyCommand none",
          "ConnectTimeout 17",
          "ConnectTimeout 1m5s",
          "ServerAliveInterval 7",
          "Compression yes",
          "# a comment",
          "");

  @TempDir Path folder;

  /** Whether a {@code ProxyCommand} counts behind {@code ProxyJump none}. */
  private boolean commandsCount;

  @BeforeEach
  void requireSsh() throws Exception {
    Requires.that(Files.isExecutable(SSH), "ssh");
    // The manual says that the first of both counts. 9.2p1-2+deb12u9 does so, and u10 does not.
    commandsCount =
        hasCommand(
            ask(
                Files.write(
                    folder.resolve("probe"), List.of("ProxyJump none", "ProxyCommand nc %h %p")),
                "nas"));
  }

  @Test
  void aHostIsWhatSshSaysThatItIs() throws Exception {
    compare(Seeds.random());
  }

  @SoakTest
  void aHostIsWhatSshSaysThatItIsForAnyFile() throws Exception {
    Soak.rounds(this::compare);
  }

  private void compare(Random random) throws Exception {
    ClientEnvironment local =
        new ClientEnvironment(System.getProperty("user.name"), folder, folder, Map.of());
    for (int i = 0; i < FILES; i++) {
      List<String> all = new ArrayList<>();
      Path file = write(random, i, all);
      String host = pick(random, HOSTS);
      HostSettings ours = new SshConfig(file, local).of(new HostAddress(null, host, 0), null);
      List<String> theirs = ask(file, host);
      String where = "host " + host + ":\n" + String.join("\n", all);
      assertThat(value(theirs, "hostname")).as(where).isEqualTo(ours.hostName());
      assertThat(value(theirs, "port")).as(where).isEqualTo(ours.port() + "");
      assertThat(value(theirs, "user")).as(where).isEqualTo(ours.user());
      assertThat(value(theirs, "identitiesonly").equals("yes"))
          .as(where)
          .isEqualTo(ours.identitiesOnly());
      assertThat(value(theirs, "hostkeyalias")).as(where).isEqualTo(text(ours.keyAlias()));
      assertThat(value(theirs, "stricthostkeychecking").matches("true|yes"))
          .as(where)
          .isEqualTo(ours.strict());
      assertThat(value(theirs, "proxyjump")).as(where).isEqualTo(jumps(ours));
      boolean command = hasCommand(theirs);
      if (!command || !commandsCount || !ours.jumps().isEmpty() || !saysNoneBeforeCommand(all)) {
        assertThat(command).as(where).isEqualTo(ours.proxyCommand());
      }
      assertThat(time(value(theirs, "connecttimeout")))
          .as(where)
          .isEqualTo(ours.connectTimeout().orElse(Duration.ZERO));
      assertThat(time(value(theirs, "serveraliveinterval")))
          .as(where)
          .isEqualTo(ours.keepalive().orElse(Duration.ZERO));
      if (ours.identitiesNamed()) {
        List<String> files = new ArrayList<>(values(theirs, "identityfile"));
        files.remove("none");
        assertThat(ours.identityFiles().stream().map(Path::toString).toList())
            .as(where)
            .isEqualTo(files);
      }
      assertThat(ours.certificateFiles().stream().map(Path::toString).toList())
          .as(where)
          .isEqualTo(values(theirs, "certificatefile"));
    }
  }

  private static List<String> ask(Path file, String host) throws IOException {
    return SshUser.run(SSH.toString(), "-G", "-F", file.toString(), host).lines().toList();
  }

  private static boolean hasCommand(List<String> theirs) {
    return !value(theirs, "proxycommand").matches("|none");
  }

  private static boolean saysNoneBeforeCommand(List<String> lines) {
    List<String> stripped = lines.stream().map(String::strip).toList();
    int none = stripped.indexOf("ProxyJump none");
    return none >= 0 && none < stripped.lastIndexOf("ProxyCommand nc %h %p");
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
      lines.add(
          random.nextInt(3) == 0
              ? "Match " + pick(random, MATCHES)
              : "Host " + pick(random, PATTERNS));
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

  private static List<String> values(List<String> lines, String name) {
    return lines.stream()
        .filter(line -> line.startsWith(name + " "))
        .map(line -> line.substring(name.length() + 1))
        .toList();
  }

  /** Empty when there is none. */
  private static String value(List<String> lines, String name) {
    return values(lines, name).stream().findFirst().orElse("");
  }

  private static String text(@Nullable String text) {
    return text == null ? "" : text;
  }

  private static Duration time(String text) {
    return text.matches("[0-9]+") ? Duration.ofSeconds(Long.parseLong(text)) : Duration.ZERO;
  }

  private static String jumps(HostSettings host) {
    List<String> jumps = new ArrayList<>();
    for (HostAddress jump : host.jumps()) {
      jumps.add(
          (jump.user() == null ? "" : jump.user() + "@")
              + jump.host()
              + (jump.port() == 0 ? "" : ":" + jump.port()));
    }
    return String.join(",", jumps);
  }
}
