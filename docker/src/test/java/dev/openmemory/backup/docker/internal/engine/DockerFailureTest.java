package dev.openmemory.backup.docker.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.docker.internal.connect.Endpoint;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class DockerFailureTest {
  private static final String RUNNING = inspection("running");

  @TempDir private Path folder;
  private EngineDouble server;

  @BeforeEach
  void start() throws IOException {
    server = new EngineDouble(folder);
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  @Test
  void noSocketIsUnavailable() throws IOException {
    Endpoint endpoint = server.endpoint();
    server.close();

    BackupException failure = thrown(() -> DockerEngine.connect(endpoint));

    assertThat(failure.kind()).isEqualTo(Kind.UNAVAILABLE);
    assertThat(failure.operation()).isEqualTo("connect to Docker");
    assertThat(failure.fact()).contains(endpoint.uri(), "(a double)");
  }

  @Test
  void aSocketWithoutAServerIsUnavailable() throws IOException {
    Path unused = Files.createFile(folder.resolve("unused.sock"));
    Endpoint endpoint =
        new Endpoint("unix://" + unused, Optional.empty(), Optional.empty(), "a test");

    BackupException failure = thrown(() -> DockerEngine.connect(endpoint));

    assertThat(failure.kind()).isEqualTo(Kind.UNAVAILABLE);
    assertThat(failure.fact()).contains(unused.toString(), "refused");
  }

  @Test
  void aClosedPortIsUnavailable() throws IOException {
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    Endpoint endpoint =
        new Endpoint("tcp://127.0.0.1:" + port, Optional.empty(), Optional.empty(), "DOCKER_HOST");

    BackupException failure = thrown(() -> DockerEngine.connect(endpoint));

    assertThat(failure.kind()).isEqualTo(Kind.UNAVAILABLE);
    assertThat(failure.operation()).isEqualTo("connect to Docker");
    assertThat(failure.fact()).contains("127.0.0.1:" + port);
  }

  @Test
  void missingCertificatesAreNamed() {
    Endpoint endpoint =
        new Endpoint(
            "tcp://127.0.0.1:1",
            Optional.empty(),
            Optional.of(folder.resolve("certs").toString()),
            "DOCKER_HOST");

    assertThat(thrown(() -> DockerEngine.connect(endpoint)).fact())
        .contains(folder.resolve("certs").toString());
  }

  @Test
  void aSocketThatMayNotBeUsedIsDenied() throws IOException {
    assumeTrue(!"root".equals(System.getProperty("user.name")), "root may use every socket");
    Path socket = endpointSocket();
    Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("---------"));

    BackupException failure = thrown(() -> DockerEngine.connect(server.endpoint()));

    assertThat(failure.kind()).isEqualTo(Kind.DENIED);
    assertThat(failure.fact()).contains(socket.toString(), "mode ---------");
  }

  @Test
  void aDenialNamesUserGroupModeAndContext() throws IOException {
    Path socket = endpointSocket();
    Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-rw----"));
    Endpoint endpoint =
        new Endpoint(server.endpoint().uri(), Optional.of("lab"), Optional.empty(), "context");

    BackupException failure =
        new DockerFailure(endpoint)
            .of("x", "y", new IllegalStateException(new SocketException("Permission denied")));

    assertThat(failure.kind()).isEqualTo(Kind.DENIED);
    assertThat(failure.operation()).isEqualTo("connect to Docker");
    assertThat(failure.fact())
        .contains(
            "user " + System.getProperty("user.name"),
            "the socket " + socket,
            "and group ",
            "mode rw-rw----",
            "Docker context 'lab'");
  }

  @Test
  void aSilentEngineTimesOut() throws IOException {
    server.answer("GET /containers/c/json", out -> fallSilent());

    try (DockerEngine engine = server.connect()) {
      assertThat(thrown(() -> engine.container("c")).kind()).isEqualTo(Kind.TIMEOUT);
    }
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
  }

  @Test
  void anInterruptCancels() throws IOException {
    try (DockerEngine engine = server.connect()) {
      Thread.currentThread().interrupt();

      assertThat(thrown(() -> engine.container("c")).kind()).isEqualTo(Kind.CANCELLED);
      assertThat(Thread.currentThread().isInterrupted()).isTrue();
    } finally {
      Thread.interrupted();
    }
  }

  @Test
  void resumeWorksInAThreadThatWasInterrupted() throws IOException {
    server.answer("GET /containers/c/json", EngineDouble.json(200, inspection("paused")));
    server.answer("POST /containers/c/unpause", EngineDouble.json(204, ""));
    try (DockerEngine engine = server.connect()) {
      Thread.currentThread().interrupt();

      engine.resume("c");

      assertThat(Thread.currentThread().isInterrupted()).isTrue();
    } finally {
      Thread.interrupted();
    }
    assertThat(server.count("POST /containers/c/unpause")).isOne();
  }

  @Test
  void aContainerThatIsGoneIsNamed() throws IOException {
    try (DockerEngine engine = server.connect()) {
      BackupException failure = thrown(() -> engine.resume("c"));

      assertThat(failure.kind()).isEqualTo(Kind.NOT_FOUND);
      assertThat(failure.location()).isEqualTo("container c");
      assertThat(failure.fact()).isEqualTo("the engine says: No such container: c");
    }
  }

  @Test
  void aCallThatASocketProxyRefusesIsNamed() throws IOException {
    EngineDouble.Answer refusal =
        out -> {
          String page = "<html><body><h1>403 Forbidden</h1></body></html>";
          EngineDouble.head(out, 403, "text/html", "Content-Length: " + page.length());
          out.write(page.getBytes(StandardCharsets.UTF_8));
        };
    server.answer("GET /containers/c/json", EngineDouble.json(200, RUNNING));
    server.answer("POST /containers/c/pause", refusal);
    try (DockerEngine engine = server.connect()) {
      BackupException failure = thrown(() -> engine.pause("c", new Cancellation()));

      assertThat(failure.kind()).isEqualTo(Kind.DENIED);
      assertThat(failure.operation()).isEqualTo("call Docker");
      assertThat(failure.fact()).isEqualTo("POST /containers/c/pause is not allowed (HTTP 403)");
    }
    server.answer("GET /info", refusal);
    assertThat(thrown(server::connect).fact()).isEqualTo("GET /info is not allowed (HTTP 403)");
  }

  @Test
  void anEngineWithoutSpaceSaysSo() throws IOException {
    server.answer(
        "GET /containers/c/json",
        EngineDouble.json(500, "{\"message\":\"write /x: no space left on device\"}"));
    try (DockerEngine engine = server.connect()) {
      assertThat(thrown(() -> engine.container("c")).kind()).isEqualTo(Kind.NO_SPACE);
    }
  }

  @Test
  void aContainerThatCannotBeFrozenIsUnsupportedAndRuns() throws IOException {
    server.answer("GET /containers/c/json", EngineDouble.json(200, RUNNING));
    server.answer(
        "POST /containers/c/pause", EngineDouble.json(500, "{\"message\":\"unable to freeze\"}"));
    try (DockerEngine engine = server.connect()) {
      BackupException failure = thrown(() -> engine.pause("c", new Cancellation()));

      assertThat(failure.kind()).isEqualTo(Kind.UNSUPPORTED);
      assertThat(failure.fact()).contains("unable to freeze");
      assertThat(server.count("POST /containers/c/pause")).isEqualTo(4);
      assertThat(server.waited()).isEqualTo(Duration.ofMillis(500 + 1000 + 2000));
      assertThat(server.count("POST /containers/c/unpause")).isZero();
    }
  }

  @Test
  void aPauseThatWasSaidToFailButDidNotCounts() throws IOException {
    server.answer("GET /containers/c/json", EngineDouble.json(200, RUNNING));
    server.answer(
        "POST /containers/c/pause",
        out -> {
          server.answer("GET /containers/c/json", EngineDouble.json(200, inspection("paused")));
          EngineDouble.json(500, "{\"message\":\"unable to freeze\"}").write(out);
        });
    try (DockerEngine engine = server.connect()) {
      engine.pause("c", new Cancellation());
      engine.pause("c", new Cancellation());
    }
    assertThat(server.count("POST /containers/c/pause")).isOne();
  }

  @Test
  void cancellingEndsTheWaitsOfPause() throws IOException {
    Cancellation cancellation = new Cancellation();
    server.answer("GET /containers/c/json", EngineDouble.json(200, RUNNING));
    server.answer(
        "POST /containers/c/pause",
        out -> {
          cancellation.cancel();
          EngineDouble.json(500, "{\"message\":\"unable to freeze\"}").write(out);
        });
    try (DockerEngine engine = server.connect()) {
      assertThat(thrown(() -> engine.pause("c", cancellation)).kind()).isEqualTo(Kind.CANCELLED);
    }
    assertThat(server.count("POST /containers/c/pause")).isOne();
  }

  @Test
  void aPauseThatIsInterruptedLeavesNothingFrozen() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    server.answer("GET /containers/c/json", EngineDouble.json(200, RUNNING));
    server.answer(
        "POST /containers/c/pause",
        out -> {
          server.answer("GET /containers/c/json", EngineDouble.json(200, inspection("paused")));
          asked.countDown();
          sleep(20_000);
        });
    server.answer("POST /containers/c/unpause", EngineDouble.json(204, ""));
    AtomicReference<@Nullable BackupException> failure = new AtomicReference<>();
    try (DockerEngine engine = server.connect()) {
      Thread thread =
          new Thread(() -> failure.set(thrown(() -> engine.pause("c", new Cancellation()))));
      thread.start();
      assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
      thread.interrupt();
      thread.join();
    }
    assertThat(failure.get()).extracting(BackupException::kind).isEqualTo(Kind.CANCELLED);
    assertThat(server.count("POST /containers/c/unpause")).isOne();
  }

  @Test
  void aStopThatChangesNothingIsFine() throws IOException {
    server.answer("POST /containers/c/stop", EngineDouble.json(304, ""));
    try (DockerEngine engine = server.connect()) {
      engine.stop("c");
    }
  }

  @Test
  void anArchiveThatIsCutIsCorrupt() throws IOException {
    archive(
        out -> {
          EngineDouble.head(out, 200, "application/x-tar", "Transfer-Encoding: chunked");
          out.write("1000\r\nonly this".getBytes(StandardCharsets.US_ASCII));
        });
    try (DockerEngine engine = server.connect();
        InputStream in = engine.files().read(new EngineDirectory.InContainer("c", "/d"))) {
      assertThat(thrown(in::readAllBytes).kind()).isEqualTo(Kind.CORRUPT);
    }
  }

  @Test
  void aStrangersContainerThatHangsOrFailsIsLeftOut() throws IOException {
    list("c", "slow", "broken");
    server.answer("GET /containers/c/json", EngineDouble.json(200, inspection("running")));
    server.answer("GET /containers/slow/json", out -> fallSilent(ContainerList.FOREIGN_TIMEOUT));
    server.answer("GET /containers/broken/json", EngineDouble.json(500, "{\"message\":\"x\"}"));

    try (DockerEngine engine = server.connect()) {
      assertThat(engine.containers(c -> c.name().equals("c")))
          .extracting(Container::name)
          .containsExactly("c");
      assertThat(thrown(() -> engine.containers(c -> c.name().equals("broken"))).kind())
          .isEqualTo(Kind.FAILED);
    }
  }

  @Test
  void aListIsReadWithoutAskingAnyContainer() throws IOException {
    list("a", "b");

    try (DockerEngine engine = server.connect()) {
      assertThat(engine.listed())
          .allMatch(c -> c.runs() && c.mounts().get(0).volume().equals("v"))
          .extracting(Container::name)
          .containsExactly("a", "b");
    }
    assertThat(server.count("GET /containers/a/json")).isZero();
  }

  private void list(String... names) {
    String containers =
        Arrays.stream(names)
            .map(
                name ->
                    "{'Id':'%1$s','Names':['/%1$s'],'State':'running','Mounts':[{'Name':'v','RW':true}]}"
                        .formatted(name)
                        .replace('\'', '"'))
            .collect(Collectors.joining(",", "[", "]"));
    server.answer("GET /containers/json", EngineDouble.json(200, containers));
    server.answer("GET /networks", EngineDouble.json(200, "[]"));
  }

  @Test
  void anArchiveThatStopsTimesOut() throws IOException {
    archive(
        out -> {
          EngineDouble.head(out, 200, "application/x-tar", "Transfer-Encoding: chunked");
          out.write("1000\r\nonly this".getBytes(StandardCharsets.US_ASCII));
          fallSilent();
        });
    try (DockerEngine engine = server.connect();
        InputStream in = engine.files().read(new EngineDirectory.InContainer("c", "/d"))) {
      assertThat(thrown(in::readAllBytes).kind()).isEqualTo(Kind.TIMEOUT);
    }
  }

  @Test
  void closingEarlyDoesNotReadOn() throws Exception {
    AtomicLong sent = new AtomicLong();
    CountDownLatch cut = new CountDownLatch(1);
    archive(out -> flood(out, sent, cut));
    try (DockerEngine engine = server.connect()) {
      try (InputStream in = engine.files().read(new EngineDirectory.InContainer("c", "/d"))) {
        assertThat(in.readNBytes(1000)).hasSize(1000);
      }
      assertThat(cut.await(10, TimeUnit.SECONDS)).isTrue();
      assertThat(sent).hasValueLessThan(8 << 20);
    }
  }

  @Test
  void anEmptinessThatIsNotProvenIsNone() throws IOException {
    archive(EngineDouble.json(200, ""));
    server.answer("PUT /containers/c/archive", EngineDouble.json(200, ""));
    server.answer("GET /containers/json", EngineDouble.json(200, "[]"));
    try (DockerEngine engine = server.connect()) {
      assertThat(
              thrown(() -> engine.files().clear(new EngineDirectory.InContainer("c", "/d"))).kind())
          .isEqualTo(Kind.CORRUPT);
    }
  }

  /** Answers the first request for an archive, which looks at the directory, and then another. */
  private void archive(EngineDouble.Answer content) throws IOException {
    TarArchiveEntry like = new TarArchiveEntry("d/");
    byte[] header = SingleEntryTar.directory("d", like).readAllBytes();
    server.answer("GET /containers/c/json", EngineDouble.json(200, RUNNING));
    server.answer(
        "GET /containers/c/archive",
        out -> {
          server.answer("GET /containers/c/archive", content);
          EngineDouble.head(out, 200, "application/x-tar", "Content-Length: " + header.length);
          out.write(header);
        });
  }

  private static void flood(OutputStream out, AtomicLong sent, CountDownLatch cut)
      throws IOException {
    EngineDouble.head(out, 200, "application/x-tar", "Transfer-Encoding: chunked");
    ByteArrayOutputStream chunk = new ByteArrayOutputStream();
    chunk.write("10000\r\n".getBytes(StandardCharsets.US_ASCII));
    chunk.write(new byte[0x10000]);
    chunk.write("\r\n".getBytes(StandardCharsets.US_ASCII));
    try {
      while (sent.addAndGet(0x10000) < 1L << 30) {
        chunk.writeTo(out);
      }
    } finally {
      cut.countDown();
    }
  }

  private Path endpointSocket() {
    return server.endpoint().socket().orElseThrow();
  }

  /** Time passes again and again, because the client may look at it after the first time. */
  private void fallSilent() {
    fallSilent(WatchedTransport.INACTIVITY_TIMEOUT);
  }

  private void fallSilent(Duration timeout) {
    for (int i = 0; i < 1000; i++) {
      server.letPass(timeout.plusNanos(1));
      sleep(20);
    }
  }

  private static void sleep(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static String inspection(String status) {
    return "{\"Id\":\"c\",\"Name\":\"/c\",\"Config\":{},\"State\":{\"Status\":\"" + status + "\"}}";
  }

  private static BackupException thrown(ThrowingCallable call) {
    return catchThrowableOfType(BackupException.class, call);
  }
}
