package dev.openmemory.backup.benchmarks.s3;

import dev.openmemory.backup.benchmarks.process.PipedCommand;
import dev.openmemory.backup.benchmarks.report.Comparison;
import dev.openmemory.backup.benchmarks.report.Seconds;
import dev.openmemory.backup.benchmarks.report.Stopwatch;
import dev.openmemory.backup.benchmarks.target.TargetTransfer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A program that stores its standard input in a bucket and gives it back.
 *
 * @param preparation what has to run before; empty for nothing
 */
record S3Tool(
    String name,
    Map<String, String> environment,
    List<String> preparation,
    List<String> upload,
    List<String> download) {

  /** Ours, in a JVM that is started for it, with its default heap. */
  static S3Tool ours(VersityGateway gateway) {
    return new S3Tool(
        Comparison.OURS,
        gateway.environment(),
        List.of(),
        TargetTransfer.upload(gateway.uri(), "/dev/stdin"),
        TargetTransfer.download(gateway.uri(), "/dev/stdout"));
  }

  static S3Tool rclone(VersityGateway gateway) {
    Map<String, String> environment = new HashMap<>(gateway.environment());
    environment.put("RCLONE_CONFIG_STORE_TYPE", "s3");
    environment.put("RCLONE_CONFIG_STORE_PROVIDER", "Other");
    environment.put("RCLONE_CONFIG_STORE_ENV_AUTH", "true");
    environment.put("RCLONE_CONFIG_STORE_ENDPOINT", gateway.endpoint());
    // It waits a second for the server's leave to send each part, which this server never gives.
    environment.put("RCLONE_EXPECT_CONTINUE_TIMEOUT", "0");
    environment.put("RCLONE_LOG_LEVEL", "ERROR");
    String object = "store:" + VersityGateway.BUCKET + "/object";
    return new S3Tool(
        "rclone",
        environment,
        List.of(),
        List.of("rclone", "--config=", "rcat", object),
        List.of("rclone", "--config=", "cat", object));
  }

  /** It encrypts, and divides its input into pieces that it stores but once. */
  static S3Tool restic(VersityGateway gateway) {
    Map<String, String> environment = new HashMap<>(gateway.environment());
    environment.put("RESTIC_PASSWORD", "only-on-this-host");
    environment.put(
        "RESTIC_REPOSITORY", "s3:" + gateway.endpoint() + "/" + VersityGateway.BUCKET + "/restic");
    return new S3Tool(
        "restic",
        environment,
        List.of("restic", "--no-cache", "--quiet", "init"),
        List.of("restic", "--no-cache", "--quiet", "--compression", "off", "backup", "--stdin"),
        List.of("restic", "--no-cache", "--quiet", "dump", "latest", "/stdin"));
  }

  /** Sends that many bytes, and requires the same to come back. */
  Seconds transfer(long size) throws Exception {
    if (!preparation.isEmpty()) {
      new PipedCommand(preparation, environment).run();
    }
    long[] sent = new long[1];
    long[] received = new long[1];
    double up = Stopwatch.seconds(() -> sent[0] = new PipedCommand(upload, environment).feed(size));
    double down =
        Stopwatch.seconds(() -> received[0] = new PipedCommand(download, environment).drain());
    if (sent[0] != received[0]) {
      throw new IllegalStateException(name + " gave other bytes back");
    }
    return new Seconds(up, down);
  }
}
