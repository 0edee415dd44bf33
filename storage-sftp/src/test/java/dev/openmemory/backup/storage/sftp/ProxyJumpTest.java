package dev.openmemory.backup.storage.sftp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.storage.sftp.internal.session.SshConnection;
import dev.openmemory.backup.storage.sftp.internal.settings.SftpLocation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import net.schmizz.sshj.SSHClient;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Over one server, or two, to the third. */
class ProxyJumpTest {
  private static final List<EmbeddedSftpServer> SERVERS = new ArrayList<>();

  @TempDir Path folder;
  private SshUser user;
  private EmbeddedSftpServer first;
  private EmbeddedSftpServer second;
  private EmbeddedSftpServer last;
  private final Map<EmbeddedSftpServer, Integer> before = new HashMap<>();

  @BeforeAll
  static void start() throws Exception {
    for (int i = 0; i < 3; i++) {
      SERVERS.add(EmbeddedSftpServer.start());
    }
  }

  @AfterAll
  static void stop() throws IOException {
    for (EmbeddedSftpServer server : SERVERS) {
      server.close();
    }
  }

  @BeforeEach
  void begin() throws Exception {
    user = SshUser.in(folder);
    first = SERVERS.get(0);
    second = SERVERS.get(1);
    last = SERVERS.get(2);
    StringBuilder known = new StringBuilder();
    for (EmbeddedSftpServer server : SERVERS) {
      known.append("[127.0.0.1]:" + server.port() + " " + server.hostKey() + "\n");
      Files.copy(server.identity(), key(server));
      before.put(server, server.logins());
    }
    Files.writeString(user.knownHosts(), known);
  }

  @AfterEach
  void end() {
    user.close();
  }

  @Test
  void eachHostHasItsOwnLinesOfSshConfig() throws Exception {
    config("last", last, "ProxyJump first,second");
    config("first", first);
    config("second", second);
    try (SSHClient client = connect("last")) {
      assertThat(client.isAuthenticated()).isTrue();
    }
    assertLogins(1, 1, 1);
  }

  @Test
  void aHostOnTheWayMayBeReachedOverAnother() throws Exception {
    config("last", last, "ProxyJump second");
    config("second", second, "ProxyJump first");
    config("first", first);
    connect("last").close();
    assertLogins(1, 1, 1);
  }

  @Test
  void theOptionCountsMoreThanSshConfig() throws Exception {
    config("last", last, "ProxyCommand exit 1");
    config("second", second);
    user.with("proxy-jump", "second");
    connect("last").close();
    assertLogins(0, 1, 1);
    user.with("proxy-jump", "none");
    connect("last").close();
    assertLogins(0, 1, 2);
  }

  @Test
  void closingTheConnectionClosesThoseOnTheWay() throws Exception {
    config("last", last, "ProxyJump first");
    config("first", first);
    SshConnection client = (SshConnection) connect("last");
    client.close();
    assertThat(client.socket().isClosed()).isTrue();
    assertThat(client.isConnected()).isFalse();
  }

  @Test
  void theKeyOfEachHostOnTheWayIsChecked() throws Exception {
    config("last", last, "ProxyJump first,second");
    config("first", first);
    config("second", second);
    Files.writeString(
        user.knownHosts(),
        Files.readString(user.knownHosts())
            .replace("[127.0.0.1]:" + second.port() + " " + second.hostKey(), ""));
    BackupException refused = failure("last");
    assertThat(refused.kind()).isEqualTo(Kind.DENIED);
    assertThat(refused.getMessage())
        .contains("127.0.0.1:" + second.port())
        .contains("unknown host");
    assertLogins(1, 0, 0);
  }

  @Test
  void thePasswordOfTheHostIsNotShownOnTheWay() throws Exception {
    config("last", last, "ProxyJump first");
    config("first", first);
    Files.delete(key(first));
    user.with("password-file", user.secret("pw", "CANARY"));
    BackupException refused = failure("last");
    assertThat(refused.kind()).isEqualTo(Kind.DENIED);
    assertThat(refused.getMessage()).contains(":" + first.port()).contains("cannot be read");
    assertThat(Traces.of(refused)).doesNotContain("CANARY");
  }

  @Test
  void aHostThatTheJumpCannotReachIsUnavailable() throws Exception {
    config("last", last, "ProxyJump first");
    config("first", first);
    Files.writeString(
        user.folder().resolve("config"), "\nHost gone\nPort 1\n", StandardOpenOption.APPEND);
    config("gone", last, "ProxyJump first");
    BackupException refused = failure("gone");
    assertThat(refused.kind()).isEqualTo(Kind.UNAVAILABLE);
    assertThat(refused.fact()).contains("the jump host does not connect to it");
  }

  @Test
  void circlesAndCommandsAreRefused() throws Exception {
    config("last", last, "ProxyJump first");
    config("first", first, "ProxyJump last");
    BackupException circle = failure("last");
    assertThat(circle.kind()).isEqualTo(Kind.INVALID);
    assertThat(circle.fact()).contains("circle");
    Files.delete(user.folder().resolve("config"));
    config("last", last, "ProxyCommand nc %h %p");
    BackupException command = failure("last");
    assertThat(command.kind()).isEqualTo(Kind.UNSUPPORTED);
    assertThat(command.fact()).contains("only the program ssh understands 'proxycommand'");
  }

  private Path key(EmbeddedSftpServer server) {
    return user.folder().resolve("key-" + server.port());
  }

  private void config(String alias, EmbeddedSftpServer server, String... lines) throws IOException {
    Path config = user.folder().resolve("config");
    String before = Files.exists(config) ? Files.readString(config) : "";
    Files.writeString(
        config,
        before
            + ("Host " + alias + "\nHostName 127.0.0.1\nPort " + server.port() + "\n")
            + ("User " + server.user() + "\n")
            + String.join("\n", lines)
            + ("\nIdentityFile " + key(server) + "\n"));
  }

  private SSHClient connect(String alias) throws BackupException {
    return user.connect(new SftpLocation(null, alias, 0, "/"));
  }

  private BackupException failure(String alias) {
    return catchThrowableOfType(BackupException.class, () -> connect(alias).close());
  }

  private void assertLogins(int ofFirst, int ofSecond, int ofLast) {
    assertThat(newLogins(first)).isEqualTo(ofFirst);
    assertThat(newLogins(second)).isEqualTo(ofSecond);
    assertThat(newLogins(last)).isEqualTo(ofLast);
  }

  private int newLogins(EmbeddedSftpServer server) {
    return server.logins() - Objects.requireNonNull(before.get(server));
  }
}
