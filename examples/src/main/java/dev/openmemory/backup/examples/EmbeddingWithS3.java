package dev.openmemory.backup.examples;

import dev.openmemory.backup.BackupReport;
import dev.openmemory.backup.BackupRequest;
import dev.openmemory.backup.BackupTargets;
import dev.openmemory.backup.Backups;
import dev.openmemory.backup.Installation;
import dev.openmemory.backup.spi.BackupTarget;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;

/** Backups in a bucket. */
final class EmbeddingWithS3 {
  private EmbeddingWithS3() {}

  /**
   * Backs up to a store that is not Amazon's; the keys are in the environment, or in a profile.
   *
   * @param endpoint such as {@code https://s3.example.org}
   */
  static BackupReport backUp(Path home, Path storage, String bucket, URI endpoint)
      throws IOException {
    Map<String, String> options = Map.of("endpoint", endpoint.toString(), "part-size", "16MiB");
    try (BackupTarget target = BackupTargets.open("s3://" + bucket + "/openmemory", options)) {
      return Backups.in(target)
          .create(Installation.at(home).withStorage(storage), BackupRequest.STANDARD);
    }
  }
}
