package dev.openmemory.backup.benchmarks.s3;

import dev.openmemory.backup.benchmarks.process.Folder;
import dev.openmemory.backup.benchmarks.process.PipedCommand;
import dev.openmemory.backup.benchmarks.process.ServerPort;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Versity's gateway as a process of its own, on a folder of its own: an S3 server that none of the
 * measured programs was made with. It checks signatures and digests.
 *
 * @param port on the loopback address
 */
public record VersityGateway(Folder folder, Process process, int port) implements Closeable {
  public static final String PROGRAM = "versitygw";
  public static final String BUCKET = "benchmark";
  private static final String KEY_ID = "openmemory-benchmark";
  private static final String SECRET = "only-on-this-host";

  /** With one empty bucket. */
  public static VersityGateway start() throws IOException, InterruptedException {
    Folder folder = Folder.create();
    int port = ServerPort.free();
    VersityGateway gateway = new VersityGateway(folder, launch(folder.path(), port), port);
    try {
      ServerPort.await("127.0.0.1", port, gateway.process, folder.path().resolve("log"));
      gateway.createBucket();
      return gateway;
    } catch (Throwable e) {
      gateway.close();
      throw e;
    }
  }

  /** As our target takes it. */
  public String uri() {
    return "s3://" + BUCKET + "/backups?endpoint=" + endpoint();
  }

  public String endpoint() {
    return "http://127.0.0.1:" + port;
  }

  /** Where every S3 client looks for keys, in the place of the user's own. */
  public Map<String, String> environment() {
    return Map.of(
        "AWS_ACCESS_KEY_ID",
        KEY_ID,
        "AWS_SECRET_ACCESS_KEY",
        SECRET,
        "HOME",
        folder.path().toString());
  }

  private static Process launch(Path folder, int port) throws IOException {
    Path data = Files.createDirectory(folder.resolve("data"));
    Path metadata = Files.createDirectory(folder.resolve("metadata"));
    ProcessBuilder builder =
        new ProcessBuilder(
                PROGRAM,
                "--quiet",
                // As stores do.
                "--keep-alive",
                "--port",
                "127.0.0.1:" + port,
                "posix",
                // Not in extended attributes: those of ext4 do not hold the sizes of thousands of
                // parts.
                "--sidecar",
                metadata.toString(),
                data.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile());
    builder.environment().put("ROOT_ACCESS_KEY", KEY_ID);
    builder.environment().put("ROOT_SECRET_KEY", SECRET);
    return builder.start();
  }

  private void createBucket() throws IOException, InterruptedException {
    new PipedCommand(
            List.of(PROGRAM, "admin", "create-bucket", "--owner", KEY_ID, "--bucket", BUCKET),
            Map.of(
                "ADMIN_ACCESS_KEY",
                KEY_ID,
                "ADMIN_SECRET_KEY",
                SECRET,
                "ADMIN_ENDPOINT_URL",
                endpoint()))
        .run();
  }

  @Override
  public void close() throws IOException {
    try (folder) {
      process.destroyForcibly().onExit().join();
    }
  }
}
