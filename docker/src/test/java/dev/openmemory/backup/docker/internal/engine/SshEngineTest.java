package dev.openmemory.backup.docker.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.docker.internal.connect.Endpoint;
import dev.openmemory.backup.internal.target.Waiter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An engine on another host, over a process in place of ssh. */
@Timeout(60)
class SshEngineTest {
  @TempDir private Path folder;
  private EngineDouble server;

  @BeforeEach
  void start() throws IOException {
    server = new EngineDouble(folder);
    Files.createFile(processes());
  }

  @AfterEach
  void nothingIsLeft() throws IOException {
    server.close();
    for (String line : Files.readAllLines(processes())) {
      assertThat(ProcessHandle.of(Long.parseLong(line))).satisfies(SshEngineTest::ends);
    }
  }

  private static void ends(Optional<ProcessHandle> process) {
    process.ifPresent(
        running -> assertThat(running.onExit()).succeedsWithin(Duration.ofSeconds(30)));
  }

  private Path processes() {
    return DialStdio.processes(arguments());
  }

  private Path arguments() {
    return folder.resolve("arguments");
  }

  private static DockerEngine connect(String uri, List<String> ssh) throws IOException {
    return DockerEngine.connect(Endpoint.parse(uri), ssh, System::nanoTime, Waiter.SLEEP);
  }

  private BackupException refusal(List<String> ssh) {
    return catchThrowableOfType(BackupException.class, () -> connect("ssh://far", ssh).close());
  }

  @Test
  void allCallsGoThroughTheDockerProgramOfTheOtherHost() throws IOException {
    server.has("api", "running");
    List<String> ssh =
        DialStdio.command(server.endpoint().socket().orElseThrow().toString(), arguments());
    try (DockerEngine engine = connect("ssh://me@far:2222/run/user/7/docker.sock", ssh)) {
      assertThat(engine.container("api").orElseThrow().name()).isEqualTo("api");
      assertThat(engine.isThisHost()).isFalse();
      assertThat(engine.endpoint().uri()).startsWith("ssh://me@far");
    }
    assertThat(Files.readAllLines(arguments()))
        .isNotEmpty()
        .containsOnly(
            "-T -o BatchMode=yes -o ConnectTimeout=20 -l me -p 2222 -- far"
                + " docker --host unix:///run/user/7/docker.sock system dial-stdio");
  }

  @Test
  void whatSshSaysIsPartOfTheFailure() {
    BackupException failure = refusal(DialStdio.refused(arguments()));

    assertThat(failure.kind()).isEqualTo(Kind.UNAVAILABLE);
    assertThat(failure)
        .hasMessage(
            "connect to Docker ssh://far: ssh ended with exit code 255 and said: me@far: Permission"
                + " denied (publickey).");
    assertThat(arguments())
        .content()
        .startsWith("-T -o BatchMode=yes -o ConnectTimeout=20 -- far docker system dial-stdio\n");
  }

  @Test
  void aHostWithoutSshIsToldSo() {
    BackupException failure = refusal(List.of(folder.resolve("no-ssh").toString()));

    assertThat(failure.kind()).isEqualTo(Kind.UNAVAILABLE);
    assertThat(failure)
        .hasMessageContaining("ssh cannot be started")
        .hasMessageContaining("no-ssh");
  }

  @Test
  void anEngineThatHangsUpIsNotWaitedFor() {
    server.answer("GET /info", out -> {});
    List<String> ssh =
        DialStdio.command(server.endpoint().socket().orElseThrow().toString(), arguments());

    assertThat(refusal(ssh).kind()).isEqualTo(Kind.UNAVAILABLE);
  }
}
