package dev.openmemory.backup.storage.sftp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Servers that are not there, or are not what they should be. */
@Timeout(60)
class ConnectFailuresTest {
  @TempDir Path folder;
  private SshUser user;

  @BeforeEach
  void begin() throws IOException {
    user = SshUser.in(folder).with("timeout", "PT2S");
  }

  @AfterEach
  void end() {
    user.close();
  }

  @Test
  void aHostThatNobodyKnows() {
    BackupException failure = failure("does-not-exist.invalid", 22);
    assertThat(failure.kind()).isEqualTo(Kind.UNAVAILABLE);
    assertThat(failure.getMessage())
        .contains("connect sftp://me@does-not-exist.invalid:22")
        .contains("unknown host");
  }

  @Test
  void aPortWhereNobodyListens() throws Exception {
    int port;
    try (ServerSocket socket = listen()) {
      port = socket.getLocalPort();
    }
    BackupException failure = failure("127.0.0.1", port);
    assertThat(failure.kind()).isEqualTo(Kind.UNAVAILABLE);
    assertThat(failure.getMessage()).contains("127.0.0.1:" + port + " refused the connection");
    assertThat(failure).hasCauseInstanceOf(IOException.class);
  }

  @Test
  void aServerThatSaysNothing() throws Exception {
    try (ServerSocket socket = listen()) {
      BackupException failure = failure("127.0.0.1", socket.getLocalPort());
      assertThat(failure.kind()).isEqualTo(Kind.TIMEOUT);
      assertThat(failure.fact()).contains("does not answer");
    }
  }

  @Test
  void aServerOfAnotherProtocol() throws Exception {
    for (String greeting : List.of("HTTP/1.1 400 Bad Request\r\n\r\n", "220 ftp ready\r\n")) {
      try (ServerSocket socket = listen()) {
        CompletableFuture<Void> server = CompletableFuture.runAsync(() -> greet(socket, greeting));
        BackupException failure = failure("127.0.0.1", socket.getLocalPort());
        server.get(20, TimeUnit.SECONDS);
        assertThat(failure.kind()).isEqualTo(Kind.UNSUPPORTED);
        assertThat(failure.fact())
            .contains("is no SSH server: answers '" + greeting.split("\r", -1)[0] + "'");
      }
    }
  }

  @Test
  void aServerThatEndsTheConnectionAtOnce() throws Exception {
    try (ServerSocket socket = listen()) {
      CompletableFuture<Void> server = CompletableFuture.runAsync(() -> greet(socket, ""));
      BackupException failure = failure("127.0.0.1", socket.getLocalPort());
      server.get(20, TimeUnit.SECONDS);
      assertThat(failure.kind()).isEqualTo(Kind.UNAVAILABLE);
    }
  }

  @Test
  void aServerWithAlgorithmsThatAreRefused() throws Exception {
    for (String line :
        List.of(
            "KexAlgorithms diffie-hellman-group1-sha1",
            "Ciphers 3des-cbc",
            "HostKeyAlgorithms ssh-rsa")) {
      List<String> lines = new ArrayList<>(List.of(line));
      if (line.startsWith("Host")) {
        lines.add("HostKey " + rsaHostKey());
      }
      try (OpenSshServer server = OpenSshServer.start(lines.toArray(String[]::new))) {
        user.of(server);
        BackupException failure =
            catchThrowableOfType(BackupException.class, () -> user.connect(server).close());
        assertThat(failure.kind()).as(failure.getMessage()).isEqualTo(Kind.UNSUPPORTED);
        assertThat(failure.fact()).contains("the server offers " + line.split(" ", -1)[1]);
      }
    }
  }

  private Path rsaHostKey() throws IOException {
    return user.newKey("old", "", "rsa", "-b", "2048");
  }

  @Test
  void anInterruptEndsTheWaitForAServer() throws Exception {
    try (ServerSocket socket = listen()) {
      user.with("timeout", "PT10M");
      CountDownLatch ended = new CountDownLatch(1);
      List<Object> seen = new ArrayList<>();
      Thread waiting =
          new Thread(
              () -> {
                seen.add(failure("127.0.0.1", socket.getLocalPort()).kind());
                seen.add(Thread.currentThread().isInterrupted());
                ended.countDown();
              });
      waiting.start();
      socket.accept();
      waiting.interrupt();
      assertThat(ended.await(30, TimeUnit.SECONDS)).isTrue();
      assertThat(seen).containsExactly(Kind.CANCELLED, true);
    }
  }

  @Test
  void anInterruptThatIsThereAlreadyEndsIt() throws Exception {
    try (OpenSshServer server = OpenSshServer.start()) {
      user.of(server).with("timeout", "PT10M");
      Thread.currentThread().interrupt();
      BackupException failure =
          catchThrowableOfType(BackupException.class, () -> user.connect(server).close());
      assertThat(Thread.interrupted()).isTrue();
      assertThat(failure.kind()).isEqualTo(Kind.CANCELLED);
    }
  }

  private static ServerSocket listen() throws IOException {
    return new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
  }

  /** Reads what the client says first: or the close would be a reset, which drops the greeting. */
  private static void greet(ServerSocket socket, String greeting) {
    try (Socket client = socket.accept()) {
      client.getOutputStream().write(greeting.getBytes(StandardCharsets.US_ASCII));
      while (client.getInputStream().read() != '\n') {
        // Up to the end of its line.
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private BackupException failure(String host, int port) {
    return catchThrowableOfType(
        BackupException.class, () -> user.connect(new SftpLocation("me", host, port, "/")).close());
  }
}
