package dev.openmemory.backup.benchmarks;

import dev.openmemory.backup.benchmarks.docker.VolumeBenchmark;
import dev.openmemory.backup.benchmarks.engine.CompressionBenchmark;
import dev.openmemory.backup.benchmarks.engine.EncryptionBenchmark;
import dev.openmemory.backup.benchmarks.engine.MemoryBenchmark;
import dev.openmemory.backup.benchmarks.engine.WriterWaitBenchmark;
import dev.openmemory.backup.benchmarks.peers.PeerBenchmark;
import dev.openmemory.backup.benchmarks.s3.S3Benchmark;
import dev.openmemory.backup.benchmarks.sftp.SftpBenchmark;
import dev.openmemory.backup.benchmarks.sftp.SyncBenchmark;
import java.util.List;

/**
 * Runs all measurements; {@code --peers} only whole commands; {@code --quick} with less data, and
 * without whole commands unless these are named.
 */
public final class Benchmarks {
  private Benchmarks() {}

  /** See the class. */
  public static void main(String[] args) throws Exception {
    boolean quick = List.of(args).contains("--quick");
    boolean peers = List.of(args).contains("--peers");
    if (peers || !quick) {
      PeerBenchmark.run(quick);
    }
    if (peers) {
      return;
    }
    CompressionBenchmark.run(quick);
    EncryptionBenchmark.run(quick);
    WriterWaitBenchmark.run(quick);
    MemoryBenchmark.run(quick);
    VolumeBenchmark.run(quick);
    S3Benchmark.run(quick);
    SftpBenchmark.run(quick);
    SyncBenchmark.run(quick);
  }
}
