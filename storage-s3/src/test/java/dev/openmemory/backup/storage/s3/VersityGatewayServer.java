package dev.openmemory.backup.storage.s3;

import dev.openmemory.backup.testconditions.Requires;
import dev.openmemory.backup.testconditions.StartedOnce;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Versity's gateway as a process of its own, on a folder. It checks signatures, regions, clocks and
 * conditions.
 */
final class VersityGatewayServer extends S3Server {
  private static final StartedOnce<VersityGatewayServer> SHARED =
      new StartedOnce<>(VersityGatewayServer::start);
  private static final Duration DEADLINE = Duration.ofSeconds(30);

  /** Ends the program also when this JVM is killed: its standard input ends then. */
  private static final List<String> LEASH =
      List.of("/bin/sh", "-c", "\"$@\" & read -r _; kill -KILL $!", "leash");

  private final ServerFolder folder;
  private final Process process;
  private final URI endpoint;

  private VersityGatewayServer(ServerFolder folder, Process process, URI endpoint) {
    this.folder = folder;
    this.process = process;
    this.endpoint = endpoint;
  }

  /** The one for all tests of this JVM; skips the test where the program is missing. */
  static VersityGatewayServer shared() throws Exception {
    return SHARED.get();
  }

  private static VersityGatewayServer start() throws Exception {
    Optional<Path> program = program();
    Requires.that(program.isPresent(), "versitygw");
    ServerFolder folder = ServerFolder.create("versitygw");
    String address = "127.0.0.1:" + freePort();
    List<String> command = new ArrayList<>(LEASH);
    command.add(program.orElseThrow().toString());
    command.addAll(List.of("--quiet", "--port", address, "--health", "/health"));
    command.addAll(List.of("--region", REGION, "--iam-dir", folder.folder("iam")));
    command.addAll(List.of("posix", "--versioning-dir", folder.folder("versions")));
    command.add(folder.folder("data"));
    VersityGatewayServer server =
        new VersityGatewayServer(folder, launch(command, folder), URI.create("http://" + address));
    try {
      server.awaitHealth();
    } catch (Throwable e) {
      server.close();
      throw e;
    }
    return server;
  }

  @Override
  URI endpoint() {
    return endpoint;
  }

  @Override
  public void close() throws IOException {
    try (folder) {
      process.getOutputStream().close();
      process.onExit().join();
    }
  }

  private static Optional<Path> program() {
    return Stream.of(System.getenv("PATH").split(":", -1))
        .map(folder -> Path.of(folder, "versitygw"))
        .filter(Files::isExecutable)
        .findFirst();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static Process launch(List<String> command, ServerFolder folder) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.path().resolve("log").toFile());
    builder.environment().put("ROOT_ACCESS_KEY", AwsKeys.ID);
    builder.environment().put("ROOT_SECRET_KEY", AwsKeys.SECRET);
    return builder.start();
  }

  private void awaitHealth() throws Exception {
    HttpClient client = HttpClient.newHttpClient();
    HttpRequest request =
        HttpRequest.newBuilder(endpoint.resolve("/health")).timeout(DEADLINE).build();
    long deadline = System.nanoTime() + DEADLINE.toNanos();
    while (true) {
      try {
        if (client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200) {
          return;
        }
      } catch (IOException e) {
        // It does not listen yet.
      }
      if (System.nanoTime() > deadline) {
        throw new AssertionError(
            "versitygw does not answer: " + Files.readString(folder.path().resolve("log")));
      }
      Thread.sleep(20);
    }
  }
}
