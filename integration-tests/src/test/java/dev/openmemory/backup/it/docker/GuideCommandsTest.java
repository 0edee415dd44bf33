package dev.openmemory.backup.it.docker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.BackupName;
import dev.openmemory.backup.BackupRequest;
import dev.openmemory.backup.BackupTargets;
import dev.openmemory.backup.Backups;
import dev.openmemory.backup.Installation;
import dev.openmemory.backup.RestoreRequest;
import dev.openmemory.backup.docker.DockerDiscovery;
import dev.openmemory.backup.docker.DockerOptions;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.testconditions.Requires;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands of the guide and ours understand each other's archives. */
@Tag("long")
class GuideCommandsTest {
  @TempDir Path temp;

  @BeforeEach
  void needsAnEngine() {
    Requires.that(StackImages.canBeMade(), "a Docker engine, busybox and sqlite3");
  }

  @Test
  void theGuideRestoresWhatWeBackedUp() throws Exception {
    try (EngineAccess access = EngineAccess.of(Way.ON_THIS_HOST);
        DockerStack stack = DockerStack.labelled(Layout.BOUND_API, home());
        BackupTarget target = BackupTargets.open(temp.resolve("backups"))) {
      Backups.in(target).create(find(access), BackupRequest.named("ours"));
      StackContents captured = StoredContents.of(temp.resolve("backups/ours"));
      stack.destroyData();

      Files.copy(temp.resolve("backups/ours/openmemory.db"), home().resolve("api/openmemory.db"));
      Docker.run(
          "run",
          "--rm",
          "--volume",
          stack.storeVolume() + ":/data",
          "--volume",
          temp.resolve("backups/ours") + ":/backup:ro",
          "--entrypoint",
          "sh",
          StackImages.shared().store(),
          "-c",
          "rm -rf /data/* && tar xzf /backup/qdrant-storage.tar.gz -C /data");
      assertThat(stack.contents()).isEqualTo(captured);
      stack.startAll();
      assertThat(stack.contents().rows()).containsAll(captured.rows());
    }
  }

  @Test
  void weRestoreWhatTheGuideBackedUp() throws Exception {
    try (EngineAccess access = EngineAccess.of(Way.ON_THIS_HOST);
        DockerStack stack = DockerStack.labelled(Layout.BOUND_API, home());
        BackupTarget target = BackupTargets.open(temp.resolve("backups"))) {
      stack.stopAll();
      StackContents before = stack.contents();
      Path theirs = Files.createDirectories(temp.resolve("backups/manual-backup"));
      Files.copy(home().resolve("api/openmemory.db"), theirs.resolve("openmemory.db"));
      Files.copy(home().resolve("api/config.json"), theirs.resolve("config.json"));
      Docker.run(
          "run",
          "--rm",
          "--volume",
          stack.storeVolume() + ":/data:ro",
          "--volume",
          theirs + ":/backup",
          "--entrypoint",
          "tar",
          StackImages.shared().store(),
          "czf",
          "/backup/qdrant-storage.tar.gz",
          "-C",
          "/data",
          ".");
      stack.destroyData();
      Backups.in(target)
          .restore(new BackupName("manual-backup"), find(access), RestoreRequest.STANDARD);
      assertThat(stack.contents()).isEqualTo(before);
    }
  }

  private Installation find(EngineAccess access) throws Exception {
    return DockerDiscovery.find(home(), DockerOptions.NONE, access.environment()).installation();
  }

  private Path home() {
    return temp.resolve("openmemory");
  }
}
