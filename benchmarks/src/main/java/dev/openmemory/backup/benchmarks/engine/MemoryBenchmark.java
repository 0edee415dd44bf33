package dev.openmemory.backup.benchmarks.engine;

import dev.openmemory.backup.BackupName;
import dev.openmemory.backup.BackupRequest;
import dev.openmemory.backup.BackupTargets;
import dev.openmemory.backup.Backups;
import dev.openmemory.backup.Installation;
import dev.openmemory.backup.Manifest.Component;
import dev.openmemory.backup.RestoreRequest;
import dev.openmemory.backup.benchmarks.process.ChildProcess;
import dev.openmemory.backup.benchmarks.process.Folder;
import dev.openmemory.backup.benchmarks.process.PeakMemory;
import dev.openmemory.backup.benchmarks.report.Output;
import dev.openmemory.backup.spi.BackupTarget;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * The peak resident set of a process with a heap of 64 MiB that backs up, verifies and restores a
 * large storage.
 */
public final class MemoryBenchmark {
  private MemoryBenchmark() {}

  public static void run(boolean quick) throws Exception {
    long gibibytes = quick ? 1 : 4;
    Output.line("Memory, -Xmx64m, storage of %d GiB: peak resident set after each step", gibibytes);
    try (Folder folder = Folder.create()) {
      Path storage = folder.storage(gibibytes);
      try (ChildProcess child =
          ChildProcess.start(
              List.of("-Xmx64m", "-XX:+UseSerialGC"),
              MemoryBenchmark.class,
              folder.path(),
              storage)) {
        child.output().lines().forEach(line -> Output.line("  %s", line));
        if (child.process().waitFor() != 0) {
          throw new IllegalStateException("the measured process failed");
        }
      }
    }
  }

  /** The measured process. Arguments: folder, storage directory. */
  public static void main(String[] args) throws IOException {
    Path folder = Path.of(args[0]);
    Installation installation = new Installation(folder, List.of()).withStorage(Path.of(args[1]));
    try (BackupTarget target = BackupTargets.open(folder.resolve("backups"))) {
      Backups backups = Backups.in(target);
      BackupName name = new BackupName("measured");
      long start = System.nanoTime();
      backups.create(
          installation, BackupRequest.STANDARD.withName(name).withOnly(Set.of(Component.VECTORS)));
      start = PeakMemory.report("backup", start);
      if (!backups.verify(name).ok()) {
        throw new IllegalStateException("does not verify");
      }
      start = PeakMemory.report("verify", start);
      Installation copy =
          new Installation(folder.resolve("copy"), List.of())
              .withStorage(folder.resolve("copy/storage"));
      backups.restore(name, copy, RestoreRequest.STANDARD.acceptingMismatch().discardingPrevious());
      PeakMemory.report("restore", start);
    }
  }
}
