package dev.openmemory.backup.benchmarks.target;

import dev.openmemory.backup.BackupTargets;
import dev.openmemory.backup.benchmarks.process.ChildProcess;
import dev.openmemory.backup.benchmarks.process.PeakMemory;
import dev.openmemory.backup.benchmarks.process.PipedCommand;
import dev.openmemory.backup.benchmarks.process.Pump;
import dev.openmemory.backup.benchmarks.process.RandomBytes;
import dev.openmemory.backup.benchmarks.report.Output;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.spi.WriteOptions;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;

/** A process with little memory that stores a large object and reads it again. */
public final class TargetMemory {
  private TargetMemory() {}

  /** Runs such a process and prints what it reports. */
  public static void measure(String target, long mebibytes, Map<String, String> environment)
      throws IOException, InterruptedException {
    Output.line("  Memory, -Xmx64m, %d MiB: peak resident set after each step", mebibytes);
    List<String> command =
        ChildProcess.command(
            List.of("-Xmx64m", "-XX:+UseSerialGC"), TargetMemory.class, target, mebibytes << 20);
    new PipedCommand(command, environment).show();
  }

  /** Arguments: URI of the target, bytes. */
  public static void main(String[] args) throws IOException {
    long size = Long.parseLong(args[1]);
    long[] sent = new long[1];
    try (BackupTarget target = BackupTargets.open(args[0], Map.of())) {
      long start = System.nanoTime();
      target.write(
          TargetTransfer.NAME,
          out -> sent[0] = RandomBytes.writeTo(out, size),
          WriteOptions.CREATE_ONLY);
      start = PeakMemory.report("upload", start);
      try (InputStream in = target.read(TargetTransfer.NAME, 0)) {
        if (Pump.copy(in, OutputStream.nullOutputStream()) != sent[0]) {
          throw new IllegalStateException("other bytes came back");
        }
      }
      PeakMemory.report("download", start);
    }
  }
}
