package dev.openmemory.backup.benchmarks.docker;

import dev.openmemory.backup.BackupReport;
import dev.openmemory.backup.BackupRequest;
import dev.openmemory.backup.BackupTargets;
import dev.openmemory.backup.Backups;
import dev.openmemory.backup.Compression;
import dev.openmemory.backup.Installation;
import dev.openmemory.backup.Manifest;
import dev.openmemory.backup.Manifest.Component;
import dev.openmemory.backup.benchmarks.process.PeakMemory;
import dev.openmemory.backup.benchmarks.report.Output;
import dev.openmemory.backup.docker.DockerDiscovery;
import dev.openmemory.backup.docker.DockerOptions;
import dev.openmemory.backup.spi.BackupTarget;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

/**
 * Our backup of a volume.
 *
 * @param engine its address, as DOCKER_HOST takes it
 * @param read how the volume has to be read: {@code directory} or {@code engine}
 */
record VolumeBackup(String engine, String volume, String read) {
  private static final Set<String> VECTORS = Set.of(Component.VECTORS);

  /** The bytes that it takes in the folder. */
  long into(Path folder, int level) throws IOException {
    try (BackupTarget target = BackupTargets.open(folder.resolve("backups"))) {
      Compression compression = Compression.standard().withLevel(level);
      BackupReport report =
          Backups.in(target)
              .withCompression(compression)
              .create(installation(folder), BackupRequest.named("measured").withOnly(VECTORS));
      requireRead(report.manifest());
      return report.manifest().storedBytes();
    }
  }

  private Installation installation(Path folder) throws IOException {
    // A project without containers: others on this engine are not ours to hold.
    DockerOptions options =
        DockerOptions.NONE.withVolume(volume).withProject(volume).withOnly(VECTORS);
    return DockerDiscovery.find(folder, options, Map.of("DOCKER_HOST", engine)).installation();
  }

  private void requireRead(Manifest manifest) {
    String actual =
        manifest
            .component(Component.VECTORS)
            .flatMap(c -> c.facts().text("read"))
            .orElse("nothing");
    if (!actual.equals(read)) {
      throw new IllegalStateException("meant to read the " + read + ", but read the " + actual);
    }
  }

  /**
   * Runs in a process of its own, to measure its memory. Arguments: engine, volume, way to read,
   * folder.
   */
  public static void main(String[] args) throws IOException {
    new VolumeBackup(args[0], args[1], args[2])
        .into(Path.of(args[3]), Compression.standard().level());
    Output.line("%s", PeakMemory.ofThisProcess());
  }
}
