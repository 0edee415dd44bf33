package dev.openmemory.backup.benchmarks.docker;

import dev.openmemory.backup.Compression;
import dev.openmemory.backup.benchmarks.process.ChildProcess;
import dev.openmemory.backup.benchmarks.process.Folder;
import dev.openmemory.backup.benchmarks.report.Output;
import dev.openmemory.backup.benchmarks.report.Stopwatch;
import dev.openmemory.backup.benchmarks.report.Throughput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The ways to read one volume, each measured with the volume in the page cache. */
record VolumeMeasurements(QdrantVolume volume, String image, Path socket, long apparent) {
  private static final int LEVEL = Compression.standard().level();

  /** Something that reads the volume; gives the bytes that it stored below the folder. */
  interface Reading {
    long into(Path folder) throws Exception;
  }

  void printAll() throws Exception {
    Throughput directory = measure("ours, its directory", this::directory);
    Throughput engine = measure("ours, through the engine", this::throughEngine);
    Throughput archive = measure("archive endpoint to nowhere", folder -> archive());
    Throughput guide = measure("the guide's docker run ... tar czf", this::guide);
    measure("ours, its directory, level 1", folder -> backup("directory").into(folder, 1));
    measure("ours, through the engine, -Xmx64m", this::smallHeap);
    printRatios("directory", directory, archive, guide);
    printRatios("engine", engine, archive, guide);
  }

  private static void printRatios(
      String way, Throughput ours, Throughput archive, Throughput guide) {
    Output.line(
        "  %-9s %.2f x the archive endpoint, %.2f x the guide",
        way, ours.over(archive), ours.over(guide));
  }

  private Throughput measure(String name, Reading reading) throws Exception {
    volume.warm();
    long[] stored = new long[1];
    try (Folder folder = Folder.create()) {
      double seconds = Stopwatch.seconds(() -> stored[0] = reading.into(folder.path()));
      Throughput result = new Throughput(apparent, seconds, stored[0]);
      result.print(name);
      return result;
    }
  }

  private VolumeBackup backup(String read) {
    return new VolumeBackup(volume.docker().engine(), volume.name(), read);
  }

  private long directory(Path folder) throws IOException {
    return backup("directory").into(folder, LEVEL);
  }

  private long throughEngine(Path folder) throws IOException {
    try (EngineProxy proxy = EngineProxy.to(socket)) {
      return new VolumeBackup(proxy.uri(), volume.name(), "engine").into(folder, LEVEL);
    }
  }

  private long archive() throws Exception {
    try (VolumeHolder holder = VolumeHolder.create(volume.docker(), volume.name(), image)) {
      long read = new ArchiveRead(socket, holder.id(), VolumeHolder.PATH).run();
      if (read < apparent) {
        throw new IllegalStateException("the archive ended early");
      }
      return 0;
    }
  }

  /** Without a network, which an engine may not have, and which only makes it start later. */
  private long guide(Path folder) throws Exception {
    String data = volume.name() + ":/data:ro";
    String backup = folder + ":/backup";
    volume
        .docker()
        .run(
            "run",
            "--rm",
            "--network",
            "none",
            "-v",
            data,
            "-v",
            backup,
            image,
            "tar",
            "czf",
            "/backup/x.tar.gz",
            "-C",
            "/data",
            ".");
    return Files.size(folder.resolve("x.tar.gz"));
  }

  private long smallHeap(Path folder) throws Exception {
    try (EngineProxy proxy = EngineProxy.to(socket);
        ChildProcess child =
            ChildProcess.start(
                List.of("-Xmx64m", "-XX:+UseSerialGC"),
                VolumeBackup.class,
                proxy.uri(),
                volume.name(),
                "engine",
                folder)) {
      child.output().lines().forEach(line -> Output.line("  -Xmx64m, peak resident set: %s", line));
      if (child.process().waitFor() != 0) {
        throw new IllegalStateException("the measured process failed");
      }
      return Files.size(folder.resolve("backups/measured/qdrant-storage.tar.gz"));
    }
  }
}
