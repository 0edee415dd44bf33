package dev.openmemory.backup.benchmarks;

import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.spi.WriteOptions;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** A process with little memory that stores a large object and reads it again. */
final class S3Memory {
  private S3Memory() {}

  /** Arguments: endpoint, bytes. */
  public static void main(String[] args) throws IOException {
    long size = Long.parseLong(args[1]);
    long[] sent = new long[1];
    try (BackupTarget target = S3Transfer.open(args[0])) {
      long start = System.nanoTime();
      target.write(
          S3Transfer.NAME,
          out -> sent[0] = RandomBytes.writeTo(out, size),
          WriteOptions.CREATE_ONLY);
      start = report("upload", start);
      try (InputStream in = target.read(S3Transfer.NAME, 0)) {
        if (Pump.copy(in, OutputStream.nullOutputStream()) != sent[0]) {
          throw new IllegalStateException("other bytes came back");
        }
      }
      report("download", start);
    }
  }

  private static long report(String step, long start) throws IOException {
    long now = System.nanoTime();
    String peak = PeakMemory.ofThisProcess();
    Output.line("%-8s %s in %.1f s", step, peak, (now - start) / 1e9);
    return now;
  }
}
