package dev.openmemory.backup.storage.sftp.internal.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.storage.sftp.EmbeddedSftpServer;
import dev.openmemory.backup.storage.sftp.SftpServer;
import dev.openmemory.backup.storage.sftp.SharedServer;
import dev.openmemory.backup.storage.sftp.SshUser;
import dev.openmemory.backup.storage.sftp.internal.settings.SftpLocation;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.sshd.common.cipher.BuiltinCiphers;
import org.apache.sshd.common.kex.BuiltinDHFactories;
import org.apache.sshd.common.signature.BuiltinSignatures;
import org.apache.sshd.server.ServerBuilder;
import org.apache.sshd.server.SshServer;
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
    user = SshUser.in(folder);
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
      user.withTimeout(Duration.ofMillis(300));
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
  @SuppressWarnings("deprecation") // As by us.
  void aServerWithAlgorithmsThatAreRefused() throws Exception {
    assertRefused(
        "diffie-hellman-group14-sha1",
        sshd ->
            sshd.setKeyExchangeFactories(
                List.of(ServerBuilder.DH2KEX.apply(BuiltinDHFactories.dhg14))));
    assertRefused("aes128-cbc", sshd -> sshd.setCipherFactories(List.of(BuiltinCiphers.aes128cbc)));
    assertRefused(
        "ssh-rsa",
        sshd -> {
          EmbeddedSftpServer.withHostKeys(EmbeddedSftpServer.newKey("RSA", 1024)).accept(sshd);
          sshd.setSignatureFactories(List.of(BuiltinSignatures.rsa));
        });
  }

  private void assertRefused(String algorithm, Consumer<SshServer> setup) throws Exception {
    try (SftpServer server = EmbeddedSftpServer.start(setup)) {
      user.of(server);
      BackupException failure =
          catchThrowableOfType(BackupException.class, () -> user.connect(server).close());
      assertThat(failure.kind()).as(failure.getMessage()).isEqualTo(Kind.UNSUPPORTED);
      assertThat(failure.fact()).contains("the server offers " + algorithm);
    }
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
    SftpServer server = SharedServer.EMBEDDED.get();
    user.of(server).with("timeout", "PT10M");
    Thread.currentThread().interrupt();
    BackupException failure =
        catchThrowableOfType(BackupException.class, () -> user.connect(server).close());
    assertThat(Thread.interrupted()).isTrue();
    assertThat(failure.kind()).isEqualTo(Kind.CANCELLED);
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
