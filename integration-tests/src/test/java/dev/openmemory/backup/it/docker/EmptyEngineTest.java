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
import dev.openmemory.backup.it.StorageEngine;
import dev.openmemory.backup.sample.FileTree;
import dev.openmemory.backup.sample.SampleInstallation;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.testconditions.Requires;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is left of OpenMemory after its containers and images were removed: a volume. */
@Tag("services")
class EmptyEngineTest {
  private static final BackupName FIRST = new BackupName("first");
  private static final String VOLUME = "openmemory_mem0_storage";

  @TempDir static Path ofTheEngine;
  private static PrivateEngine engine;

  @TempDir Path temp;

  @BeforeAll
  static void startAnEngine() throws IOException {
    Requires.that(PrivateEngine.canBeStarted(), "dockerd and root");
    engine = PrivateEngine.start(ofTheEngine.resolve("engine"));
  }

  @AfterAll
  static void endTheEngine() {
    if (engine != null) {
      engine.close();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aVolumeIsBackedUpAndRestoredWithoutAnyImage(Way way) throws Exception {
    SampleInstallation sample = SampleInstallation.unpackSlimTo(temp.resolve("openmemory"));
    try (EngineAccess access = EngineAccess.of(way, engine.socket());
        BackupTarget target = BackupTargets.open(temp.resolve("backups"))) {
      Path content = volumeOf(sample);
      Map<String, String> original = withoutFolders(content);
      Backups backups = Backups.in(target);
      Installation installation = find(sample, access);

      backups.create(installation, BackupRequest.named("first"));
      assertThat(backups.verify(FIRST).problems()).isEmpty();
      assertThat(withoutFolders(content)).isEqualTo(original);

      Files.writeString(content.resolve(".later"), "not in the backup");
      Files.delete(content.resolve("raft_state.json"));
      backups.restore(FIRST, installation, RestoreRequest.STANDARD);
      assertThat(withoutFolders(content)).isEqualTo(original);

      engine.run("volume", "rm", VOLUME);
      backups.restore(FIRST, find(sample, access), RestoreRequest.STANDARD);
      assertThat(withoutFolders(content)).isEqualTo(original);
      assertThat(engine.run("volume", "inspect", "--format", "{{json .Labels}}", VOLUME))
          .contains("\"com.docker.compose.project\":\"openmemory\"")
          .contains("\"com.docker.compose.volume\":\"mem0_storage\"");
      assertThat(engine.run("images", "--all", "--quiet")).isEmpty();
      assertThat(engine.run("ps", "--all", "--quiet")).isEmpty();
      engine.run("volume", "rm", VOLUME);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aVolumeComesBackWithAllPointsInTheEyesOfQdrantsEngine(Way way) throws Exception {
    StorageEngine qdrant = StorageEngine.require();
    SampleInstallation sample = SampleInstallation.unpackSlimTo(temp.resolve("openmemory"));
    qdrant.fill(sample.storage(), 200);
    StorageEngine.Contents made = qdrant.open(sample.storage());
    try (EngineAccess access = EngineAccess.of(way, engine.socket());
        BackupTarget target = BackupTargets.open(temp.resolve("backups"))) {
      Path content = volumeOf(sample);
      Backups backups = Backups.in(target);
      backups.create(find(sample, access), BackupRequest.named("first"));
      engine.run("volume", "rm", VOLUME);
      backups.restore(FIRST, find(sample, access), RestoreRequest.STANDARD);

      assertThat(qdrant.open(content)).isEqualTo(made).matches(found -> found.isWhole(200));
      engine.run("volume", "rm", VOLUME);
    }
  }

  private static Path volumeOf(SampleInstallation sample) {
    engine.run("volume", "create", VOLUME);
    Path content = Path.of(engine.run("volume", "inspect", "--format", "{{.Mountpoint}}", VOLUME));
    Docker.expectSuccess(List.of("cp", "-a", sample.storage() + "/.", content.toString()));
    return content;
  }

  private static Installation find(SampleInstallation sample, EngineAccess access)
      throws IOException {
    DockerOptions options = DockerOptions.NONE.withVolume(VOLUME).withProject("openmemory");
    return DockerDiscovery.find(sample.home(), options, access.environment()).installation();
  }

  /** Folders get the time of the restore where the engine sets it. */
  private static Map<String, String> withoutFolders(Path content) throws IOException {
    Map<String, String> tree = FileTree.of(content);
    tree.values().removeIf(text -> text.startsWith("dir"));
    return tree;
  }
}
