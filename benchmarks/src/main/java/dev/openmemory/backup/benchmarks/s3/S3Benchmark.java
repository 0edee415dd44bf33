package dev.openmemory.backup.benchmarks.s3;

import dev.openmemory.backup.benchmarks.process.Programs;
import dev.openmemory.backup.benchmarks.report.Comparison;
import dev.openmemory.backup.benchmarks.report.Output;
import dev.openmemory.backup.benchmarks.target.TargetMemory;
import java.util.function.Function;

/**
 * Our S3 target against rclone and restic at a server on this host, and its memory. Needs
 * versitygw; what else is missing is left out.
 */
public final class S3Benchmark {
  private final long size;
  private final int rounds;
  private final Comparison comparison;

  private S3Benchmark(long size, int rounds) {
    this.size = size;
    this.rounds = rounds;
    this.comparison = new Comparison(size);
  }

  public static void run(boolean quick) throws Exception {
    long mebibytes = quick ? 64 : 2048;
    Output.line(
        "S3, %d MiB that do not compress: a pipe to a loopback server and back, each with the start"
            + " of its program",
        mebibytes);
    if (Programs.isMissing(VersityGateway.PROGRAM)) {
      return;
    }
    S3Benchmark benchmark = new S3Benchmark(mebibytes << 20, quick ? 1 : 2);
    benchmark.measureAll();
    benchmark.comparison.print();
    printStart();
    measureMemory(quick ? 256 : 8192);
  }

  private void measureAll() throws Exception {
    boolean rclone = !Programs.isMissing("rclone");
    boolean restic = !Programs.isMissing("restic");
    // Round by round: what else the host does meets all of them.
    for (int round = 0; round < rounds; round++) {
      measure(S3Tool::ours);
      if (rclone) {
        measure(S3Tool::rclone);
      }
      if (restic) {
        measure(S3Tool::restic);
      }
    }
  }

  private void measure(Function<VersityGateway, S3Tool> tool) throws Exception {
    try (VersityGateway gateway = VersityGateway.start()) {
      S3Tool measured = tool.apply(gateway);
      comparison.add(measured.name(), measured.transfer(size));
    }
  }

  /** What of ours is not throughput, and weighs more the less there is to carry. */
  private static void printStart() throws Exception {
    try (VersityGateway gateway = VersityGateway.start()) {
      Comparison.printStart(S3Tool.ours(gateway).transfer(1));
    }
  }

  private static void measureMemory(long mebibytes) throws Exception {
    try (VersityGateway gateway = VersityGateway.start()) {
      TargetMemory.measure(gateway.uri(), mebibytes, gateway.environment());
    }
  }
}
