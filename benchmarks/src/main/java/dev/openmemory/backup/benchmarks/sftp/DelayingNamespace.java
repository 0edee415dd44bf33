package dev.openmemory.backup.benchmarks.sftp;

import dev.openmemory.backup.benchmarks.process.PipedCommand;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A network of a command's own, in which a packet on loopback takes half a round trip. It ends with
 * the command. Takes root, and a kernel that delays, which those of build machines seldom do.
 */
final class DelayingNamespace {
  /** In packets, and more than are ever on their way, as what exceeds it is lost. */
  private static final int LIMIT = 1_000_000;

  private DelayingNamespace() {}

  static boolean isPossible(Duration roundTrip) throws InterruptedException {
    // What it says when it is not is no failure.
    Stream<String> quiet = Stream.of("sh", "-c", "exec \"$@\" 2>&1", "sh");
    List<String> trial = Stream.concat(quiet, around(List.of("true"), roundTrip).stream()).toList();
    try {
      new PipedCommand(trial, Map.of()).run();
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** The command that runs that command in one. */
  static List<String> around(List<String> command, Duration roundTrip) {
    String script =
        String.format(
            Locale.ROOT,
            "ip link set lo up && tc qdisc add dev lo root netem delay %dms limit %d && exec \"$@\"",
            roundTrip.dividedBy(2).toMillis(),
            LIMIT);
    return Stream.concat(Stream.of("unshare", "--net", "sh", "-c", script, "sh"), command.stream())
        .toList();
  }
}
