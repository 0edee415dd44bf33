package dev.openmemory.backup.benchmarks;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/**
 * Our S3 target against rclone and restic at a server on this host, and its memory. Needs
 * versitygw; what else is missing is left out.
 */
final class S3Benchmark {
  private final long size;
  private final int rounds;
  private final Map<String, S3Tool.Seconds> best = new LinkedHashMap<>();

  private S3Benchmark(long size, int rounds) {
    this.size = size;
    this.rounds = rounds;
  }

  static void run(boolean quick) throws Exception {
    long mebibytes = quick ? 64 : 2048;
    Output.line(
        "S3, %d MiB that do not compress: a pipe to a loopback server and back, each with the start"
            + " of its program",
        mebibytes);
    if (isMissing(VersityGateway.PROGRAM)) {
      return;
    }
    S3Benchmark benchmark = new S3Benchmark(mebibytes << 20, quick ? 1 : 2);
    benchmark.measureAll();
    benchmark.printAll();
    printStart();
    measureMemory(quick ? 256 : 8192);
  }

  private static boolean isMissing(String program) {
    boolean missing = !Programs.isInstalled(program);
    if (missing) {
      Output.line("  not measured: %s is missing", program);
    }
    return missing;
  }

  private void measureAll() throws Exception {
    boolean rclone = !isMissing("rclone");
    boolean restic = !isMissing("restic");
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
      best.merge(measured.name(), measured.transfer(size), S3Tool.Seconds::orLess);
    }
  }

  private void printAll() {
    best.forEach(
        (name, seconds) ->
            Output.line(
                "  %-8s up %6.1f MB/s, down %6.1f MB/s",
                name, size / 1e6 / seconds.up(), size / 1e6 / seconds.down()));
    S3Tool.Seconds ours = Objects.requireNonNull(best.remove("ours"));
    best.forEach(
        (name, seconds) ->
            Output.line(
                "  ours     up %.2f x, down %.2f x %s",
                seconds.up() / ours.up(), seconds.down() / ours.down(), name));
  }

  /** What of ours is not throughput, and weighs more the less there is to carry. */
  private static void printStart() throws Exception {
    try (VersityGateway gateway = VersityGateway.start()) {
      S3Tool.Seconds start = S3Tool.ours(gateway).transfer(1);
      Output.line("  ours, a single byte: up %.1f s, down %.1f s", start.up(), start.down());
    }
  }

  private static void measureMemory(long mebibytes) throws Exception {
    Output.line("  Memory, -Xmx64m, %d MiB: peak resident set after each step", mebibytes);
    try (VersityGateway gateway = VersityGateway.start()) {
      List<String> command =
          ChildProcess.command(
              List.of("-Xmx64m", "-XX:+UseSerialGC"),
              S3Memory.class,
              gateway.endpoint(),
              mebibytes << 20);
      new PipedCommand(command, gateway.environment()).show();
    }
  }
}
