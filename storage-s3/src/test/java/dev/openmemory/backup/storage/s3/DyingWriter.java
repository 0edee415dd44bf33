package dev.openmemory.backup.storage.s3;

import dev.openmemory.backup.ObjectName;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.spi.ProviderOptions;
import dev.openmemory.backup.spi.WriteOptions;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.s3.S3Client;

/** A JVM of its own that is killed while it writes an object of several parts. */
final class DyingWriter {
  private static final Duration DEADLINE = Duration.ofSeconds(60);
  static final int TWO_PARTS_AND_SOME = 12 << 20;

  private DyingWriter() {}

  /**
   * Returns when the writer is dead.
   *
   * @param key what it uploads, as the store names it
   */
  static void die(S3Server server, String bucket, URI target, ObjectName name, String key)
      throws Exception {
    Process writer = start(server.options().values(), target, name, false);
    try (S3Client client = server.client()) {
      awaitUpload(client, bucket, key, writer);
    } finally {
      writer.destroyForcibly().onExit().join();
    }
  }

  /** One that ends its write when a byte comes from its standard input. */
  static Process start(Map<String, String> options, URI target, ObjectName name, boolean replace)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xshare:auto", "-XX:TieredStopAtLevel=1", "-cp"));
    command.add(
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    command.addAll(List.of(DyingWriter.class.getName(), target.toString()));
    command.addAll(List.of(name.value(), String.valueOf(replace)));
    options.forEach((option, value) -> command.add(option + "=" + value));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().putAll(AwsKeys.environment());
    return builder.start();
  }

  private static void awaitUpload(S3Client client, String bucket, String key, Process writer)
      throws InterruptedException {
    long deadline = System.nanoTime() + DEADLINE.toNanos();
    // By the exact key: some stores answer nothing for a part of it.
    while (client
        .listMultipartUploads(request -> request.bucket(bucket).prefix(key))
        .uploads()
        .isEmpty()) {
      if (!writer.isAlive() || System.nanoTime() > deadline) {
        throw new AssertionError("no upload of " + key + " was begun");
      }
      Thread.sleep(20);
    }
  }

  /** The child. */
  public static void main(String[] arguments) throws Exception {
    Map<String, String> options = new HashMap<>();
    for (String argument : List.of(arguments).subList(3, arguments.length)) {
      options.put(
          argument.substring(0, argument.indexOf('=')),
          argument.substring(argument.indexOf('=') + 1));
    }
    try (BackupTarget target =
        new S3BackupTargetProvider()
            .open(URI.create(arguments[0]), new ProviderOptions("s3", options))) {
      target.write(
          new ObjectName(arguments[1]),
          out -> {
            out.write(new byte[TWO_PARTS_AND_SOME]);
            awaitEndOfParent();
          },
          arguments[2].equals("true") ? WriteOptions.REPLACE : WriteOptions.CREATE_ONLY);
    }
  }

  private static void awaitEndOfParent() throws IOException {
    if (System.in.read() < 0) {
      throw new IOException("the parent is gone");
    }
  }
}
