package dev.openmemory.backup.benchmarks.engine;

import dev.openmemory.backup.Compression;
import dev.openmemory.backup.benchmarks.report.Output;
import dev.openmemory.backup.benchmarks.report.Stopwatch;
import dev.openmemory.backup.internal.compress.ParallelGzipOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.zip.GZIPOutputStream;

/**
 * Our gzip against the JDK's, at level 6, for the three kinds of data that a Qdrant storage holds.
 */
public final class CompressionBenchmark {
  private CompressionBenchmark() {}

  public static void run(boolean quick) throws Exception {
    int size = quick ? 16 << 20 : 128 << 20;
    Output.line(
        "Compression, level 6, %d MiB each, throughput as a multiple of the JDK's GZIPOutputStream",
        size >> 20);
    measure("holes (zeros)", new byte[size]);
    measure("payload (JSON)", Samples.json(size));
    measure("vectors (float32)", Samples.vectors(size));
  }

  private static void measure(String name, byte[] data) throws Exception {
    long[] sizes = new long[2];
    double jdk = Stopwatch.best(2, () -> sizes[0] = jdk(data));
    double ours = Stopwatch.best(2, () -> sizes[1] = ours(data));
    Output.line(
        "  %-18s %5.1f x  (%.3f of the plain size; JDK %.3f)",
        name, jdk / ours, (double) sizes[1] / data.length, (double) sizes[0] / data.length);
  }

  private static long jdk(byte[] data) throws IOException {
    Counter counter = new Counter();
    try (OutputStream gzip = new GZIPOutputStream(counter, 64 * 1024)) {
      gzip.write(data);
    }
    return counter.bytes;
  }

  private static long ours(byte[] data) throws IOException {
    Counter counter = new Counter();
    try (ParallelGzipOutputStream gzip =
        new ParallelGzipOutputStream(counter, Compression.standard())) {
      gzip.write(data);
      gzip.finish();
    }
    return counter.bytes;
  }

  private static final class Counter extends OutputStream {
    private long bytes;

    @Override
    public void write(int b) {
      bytes++;
    }

    @Override
    public void write(byte[] b, int offset, int length) {
      bytes += length;
    }
  }
}
