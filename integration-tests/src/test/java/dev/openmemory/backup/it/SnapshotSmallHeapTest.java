package dev.openmemory.backup.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.sample.ChildJvm;
import dev.openmemory.backup.sample.SampleInstallation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Snapshots that are larger than the heap by far, both ways. */
@Tag("services")
class SnapshotSmallHeapTest {
  /** 8192 was measured; less spares the disk of a build machine. */
  private static final long MEBIBYTES = Long.getLong("openmemory.hugeSnapshotMiB", 512);

  @TempDir Path temp;

  @Test
  void aHeapOf64MiBTakesAndRestoresThem() throws Exception {
    SampleInstallation sample = SampleInstallation.unpackSlimTo(temp.resolve("openmemory"));
    Path scratch = Files.createDirectory(temp.resolve("scratch"));
    try (HugeSnapshotServer server = HugeSnapshotServer.start(MEBIBYTES << 20)) {
      run("backup-vectors,verify", sample, scratch, server);
      server.dropCollection();
      run("restore-vectors", sample, scratch, server);

      assertThat(server.uploaded()).isEqualTo(server.sha256());
    }
  }

  private void run(String steps, SampleInstallation sample, Path scratch, HugeSnapshotServer server)
      throws Exception {
    try (ChildJvm child =
        ChildJvm.start(
            BackupChild.class,
            List.of("-Xmx64m"),
            steps,
            sample.home(),
            temp.resolve("backups"),
            scratch,
            "big",
            server.uri())) {
      assertThat(child.output().lines().toList()).endsWith("done");
      assertThat(child.waitForExit()).isZero();
    }
  }
}
