package dev.openmemory.backup.storage.s3;

import dev.openmemory.backup.testconditions.Requires;
import dev.openmemory.backup.testconditions.StartedOnce;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** A program that serves a folder by S3, as a process of its own. */
final class S3ProgramServer extends S3Server {
  private static final StartedOnce<S3ProgramServer> VERSITY =
      new StartedOnce<>(S3ProgramServer::startVersity);
  private static final StartedOnce<S3ProgramServer> RCLONE =
      new StartedOnce<>(S3ProgramServer::startRclone);
  private static final String HEALTH = "/health";
  private static final Duration DEADLINE = Duration.ofSeconds(30);

  /** Ends the program also when this JVM is killed: its standard input ends then. */
  private static final List<String> LEASH =
      List.of("/bin/sh", "-c", "\"$@\" & read -r _; kill -KILL $!", "leash");

  private final ServerFolder folder;
  private final Process process;
  private final URI endpoint;

  private S3ProgramServer(ServerFolder folder, Process process, URI endpoint) {
    this.folder = folder;
    this.process = process;
    this.endpoint = endpoint;
  }

  /**
   * Versity's gateway, for all tests of this JVM; skips the test where it is missing. It checks
   * signatures, regions, clocks and conditions.
   */
  static S3ProgramServer versity() throws Exception {
    return VERSITY.get();
  }

  /**
   * {@code rclone serve s3}, for all tests of this JVM; skips the test where there is none that has
   * it (rclone 1.65).
   */
  static S3ProgramServer rclone() throws Exception {
    return RCLONE.get();
  }

  private static S3ProgramServer startVersity() throws Exception {
    Optional<Path> program = program("versitygw");
    Requires.that(program.isPresent(), "versitygw");
    Map<String, String> keys =
        Map.of("ROOT_ACCESS_KEY", AwsKeys.ID, "ROOT_SECRET_KEY", AwsKeys.SECRET);
    return start(
        "versitygw",
        keys,
        (folder, address) -> {
          List<String> command = new ArrayList<>(List.of(program.orElseThrow().toString()));
          command.addAll(List.of("--quiet", "--port", address, "--health", HEALTH));
          command.addAll(List.of("--region", REGION, "--iam-dir", folder.folder("iam")));
          command.addAll(List.of("posix", "--versioning-dir", folder.folder("versions")));
          command.add(folder.folder("data"));
          return command;
        });
  }

  private static S3ProgramServer startRclone() throws Exception {
    Optional<Path> program = program("rclone");
    Requires.that(program.isPresent() && servesS3(program.get()), "rclone serve s3");
    return start(
        "rclone",
        // A list with commas, of which one element has a comma.
        Map.of("RCLONE_AUTH_KEY", "\"" + AwsKeys.ID + "," + AwsKeys.SECRET + "\""),
        (folder, address) ->
            List.of(
                program.orElseThrow().toString(),
                "serve",
                "s3",
                "--addr",
                address,
                "--config",
                folder.path().resolve("none").toString(),
                folder.folder("data")));
  }

  /** An older one explains {@code serve} instead. */
  private static boolean servesS3(Path rclone) throws IOException {
    Process asked =
        new ProcessBuilder(rclone.toString(), "serve", "s3", "--help")
            .redirectError(Redirect.DISCARD)
            .start();
    return new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
        .contains("--auth-key");
  }

  /** The command of a program. */
  private interface Program {
    /** The command that serves a folder below that one at the address. */
    List<String> command(ServerFolder folder, String address) throws IOException;
  }

  private static S3ProgramServer start(
      String name, Map<String, String> environment, Program program) throws Exception {
    ServerFolder folder = ServerFolder.create(name);
    String address = "127.0.0.1:" + freePort();
    List<String> command = new ArrayList<>(LEASH);
    command.addAll(program.command(folder, address));
    S3ProgramServer server =
        new S3ProgramServer(
            folder, launch(command, environment, folder), URI.create("http://" + address));
    try {
      server.awaitAnswer();
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

  private static Optional<Path> program(String name) {
    return Stream.of(System.getenv("PATH").split(":", -1))
        .map(folder -> Path.of(folder, name))
        .filter(Files::isExecutable)
        .findFirst();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static Process launch(
      List<String> command, Map<String, String> environment, ServerFolder folder)
      throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.path().resolve("log").toFile());
    builder.environment().putAll(environment);
    return builder.start();
  }

  private void awaitAnswer() throws Exception {
    HttpClient client = HttpClient.newHttpClient();
    HttpRequest request =
        HttpRequest.newBuilder(endpoint.resolve(HEALTH)).timeout(DEADLINE).build();
    long deadline = System.nanoTime() + DEADLINE.toNanos();
    while (true) {
      try {
        client.send(request, HttpResponse.BodyHandlers.discarding());
        return;
      } catch (IOException e) {
        // It does not listen yet.
      }
      if (System.nanoTime() > deadline) {
        throw new AssertionError(
            process.info().command().orElse("")
                + " does not answer: "
                + Files.readString(folder.path().resolve("log")));
      }
      Thread.sleep(20);
    }
  }
}
