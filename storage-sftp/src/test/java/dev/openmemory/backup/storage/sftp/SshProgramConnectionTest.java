package dev.openmemory.backup.storage.sftp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.storage.sftp.internal.settings.SftpLocation;
import dev.openmemory.backup.testconditions.Requires;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;
import net.schmizz.sshj.SSHClient;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Connects as the program ssh reads ssh_config, also through commands. */
@Tag("services")
class SshProgramConnectionTest {
  private static final Path SSH = Path.of("/usr/bin/ssh");
  private static final Duration DEADLINE = Duration.ofSeconds(20);
  private static EmbeddedSftpServer server;

  @TempDir Path folder;
  private SshUser user;

  /** Of other classes of this process: servers that they share. */
  private Set<ProcessHandle> others;

  @BeforeAll
  static void start() throws Exception {
    Requires.that(Files.isExecutable(SSH), "ssh");
    server = EmbeddedSftpServer.start();
  }

  @AfterAll
  static void stop() throws IOException {
    if (server != null) {
      server.close();
    }
  }

  @BeforeEach
  void begin() throws Exception {
    others = ProcessHandle.current().descendants().collect(Collectors.toSet());
    user = SshUser.in(folder).withSsh(SSH).withVariable("PATH", System.getenv("PATH"));
    user.with("known-hosts", server.knownHosts(user.knownHosts(), server.port()));
  }

  @AfterEach
  void end() {
    user.close();
  }

  @Test
  void whatMatchExecSaysCounts() throws Exception {
    config("Host nas", "Match exec \"test %h = nas\"", place());
    connect().close();
    config("Match exec \"test %h = other\"", place(), "Host nas", "Port 1");
    assertThat(failure().getMessage()).contains(":1");
  }

  @Test
  void aProxyCommandMakesTheConnectionAndEndsWithIt() throws Exception {
    config(
        "Host nas",
        // A name that only the command can resolve.
        "HostName nas.invalid",
        "HostKeyAlias [127.0.0.1]:" + server.port(),
        "ProxyCommand " + Relay.command() + " 127.0.0.1 %p",
        place());
    try (SSHClient client = connect()) {
      assertThat(client.isAuthenticated()).isTrue();
      assertThat(children()).isEqualTo(1);
    }
    assertNoChildren();
  }

  @Test
  void aHostOnTheWayIsReadBySshToo() throws Exception {
    config(
        "Host nas",
        place(),
        "ProxyJump jump",
        "Match exec \"test %n = jump\"",
        place(),
        "ProxyCommand " + Relay.command() + " %h %p");
    connect().close();
    assertNoChildren();
  }

  @Test
  void aCommandThatFailsIsShownWithWhatItSaidAndWithoutItsText() throws Exception {
    config(
        "Host nas", place(), "ProxyCommand sh -c 'echo no route today >&2; exit $((1+2))' CANARY");
    BackupException failure = failure();
    assertThat(failure.kind()).isEqualTo(Kind.UNAVAILABLE);
    assertThat(failure.fact())
        .isEqualTo(
            "the ProxyCommand of ssh_config ended with exit code 3 and said: no route today");
    assertThat(Traces.of(failure)).doesNotContain("CANARY");
  }

  @Test
  void aSilentCommandIsKilled() throws Exception {
    user.withTimeout(Duration.ofSeconds(1));
    config("Host nas", place(), "ProxyCommand sh -c 'sleep 600; true'");
    assertThat(failure().kind()).isEqualTo(Kind.TIMEOUT);
    assertNoChildren();
  }

  @Test
  void aSilentMatchExecIsKilled() throws Exception {
    user.withTimeout(Duration.ofSeconds(1));
    config("Match exec \"sleep 600\"", place());
    BackupException failure = failure();
    assertThat(failure.kind()).isEqualTo(Kind.TIMEOUT);
    assertThat(failure.fact()).contains("a 'Match exec' may be waiting");
    assertNoChildren();
  }

  @Test
  void anInterruptEndsTheProgram() throws Exception {
    config("Match exec \"sleep 600\"", place());
    Thread.currentThread().interrupt();
    BackupException failure = failure();
    assertThat(Thread.interrupted()).isTrue();
    assertThat(failure.kind()).isEqualTo(Kind.CANCELLED);
    assertNoChildren();
  }

  @Test
  void whatSshRefusesNamesFileAndLine() throws Exception {
    config("Host nas", "Prot 22");
    BackupException failure = failure();
    assertThat(failure.kind()).isEqualTo(Kind.INVALID);
    assertThat(failure.getMessage())
        .contains(SSH + " -G")
        .contains(user.folder().resolve("config") + ": line 2: Bad configuration option: prot");
  }

  @Test
  void ourOwnSettingsAreKeptFromCommands() throws Exception {
    user.withVariable("OPENMEMORY_BACKUP_PASSPHRASE", "CANARY").withVariable("OTHER", "x");
    config(
        "Match exec \"printenv OPENMEMORY_BACKUP_PASSPHRASE\"",
        "Port 1",
        "Match exec \"printenv OTHER\"",
        place());
    connect().close();
  }

  private String place() throws IOException {
    return String.join(
        "\n",
        "HostName 127.0.0.1",
        "Port " + server.port(),
        "User " + server.user(),
        "IdentityFile " + user.privately(server.identity()));
  }

  private void config(String... lines) throws IOException {
    user.config(lines);
  }

  private SSHClient connect() throws BackupException {
    return user.connect(new SftpLocation(null, "nas", 0, "/"));
  }

  private BackupException failure() {
    return catchThrowableOfType(BackupException.class, () -> connect().close());
  }

  private long children() {
    return ProcessHandle.current()
        .descendants()
        .filter(child -> !others.contains(child) && child.isAlive())
        .count();
  }

  private void assertNoChildren() throws InterruptedException {
    long deadline = System.nanoTime() + DEADLINE.toNanos();
    while (children() > 0 && System.nanoTime() < deadline) {
      Thread.sleep(20);
    }
    assertThat(children()).isZero();
  }
}
