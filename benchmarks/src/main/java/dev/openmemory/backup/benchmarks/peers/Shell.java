package dev.openmemory.backup.benchmarks.peers;

import dev.openmemory.backup.benchmarks.process.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Runs jobs, measured by GNU time. */
record Shell(Path work, Map<String, String> environment) {
  static final String TIME = "time";
  private static final int MINUTES = 60;

  Cost run(Job job, int round) throws IOException, InterruptedException {
    Path result = work.resolve("time");
    execute(List.of("sh", "-ec", job.preparation()), round);
    execute(
        List.of(
            "/usr/bin/time",
            "-f",
            "%e %U %S %M",
            "-o",
            result.toString(),
            "sh",
            "-ec",
            job.command()),
        round);
    String[] fields = Files.readString(result).strip().split(" ", -1);
    return new Cost(
        Double.parseDouble(fields[0]),
        Double.parseDouble(fields[1]) + Double.parseDouble(fields[2]),
        Double.parseDouble(fields[3]) / 1024,
        job.stored().isEmpty() ? 0 : bytes(work.resolve(job.stored())));
  }

  private static double bytes(Path place) throws IOException {
    double bytes = 0;
    try (Stream<Path> tree = Files.walk(place)) {
      for (Path file : tree.filter(Files::isRegularFile).toList()) {
        bytes += Files.size(file);
      }
    }
    return bytes;
  }

  private void execute(List<String> command, int round) throws IOException, InterruptedException {
    Path log = work.resolve("log");
    ProcessBuilder builder =
        new ProcessBuilder(new ArrayList<>(command))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    // Settings of the user would change what is measured.
    builder.environment().clear();
    builder.environment().put("PATH", Programs.searched());
    builder.environment().put("HOME", work.toString());
    builder.environment().putAll(environment);
    builder.environment().put("ROUND", Integer.toString(round));
    Process process = builder.start();
    try {
      if (!process.waitFor(MINUTES, TimeUnit.MINUTES) || process.exitValue() != 0) {
        throw new IOException("failed: " + command + "\n" + Files.readString(log));
      }
    } finally {
      process.destroyForcibly();
    }
  }
}
