package dev.openmemory.backup.it.docker;

import dev.openmemory.backup.BackupName;
import dev.openmemory.backup.BackupRequest;
import dev.openmemory.backup.BackupTargets;
import dev.openmemory.backup.Backups;
import dev.openmemory.backup.Installation;
import dev.openmemory.backup.RestoreRequest;
import dev.openmemory.backup.docker.DockerDiscovery;
import dev.openmemory.backup.docker.DockerOptions;
import dev.openmemory.backup.it.EngineWriter;
import dev.openmemory.backup.it.StorageEngine;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.testconditions.Requires;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Qdrant's own storage engine writes to the storage of a container while that is backed up. It is
 * in the container's freezer, so that it stands still whenever the container is paused.
 */
@Tag("services")
@ResourceLock("helper containers")
class WritingEngineTest {
  private static final BackupName FIRST = new BackupName("first");
  private static final String COLLECTION = "written";

  @TempDir Path temp;
  private StorageEngine engine;

  @BeforeEach
  void require() throws Exception {
    Requires.that(StackImages.canBeMade(), "a Docker engine, busybox and sqlite3");
    engine = StorageEngine.require();
  }

  /** Each layout; both ways for each of the two places where vectors are. */
  @ParameterizedTest
  @CsvSource({
    "BOUND_API,         ON_THIS_HOST",
    "BOUND_API,         THROUGH_THE_ENGINE",
    "EMPTY_VOLUME,      ON_THIS_HOST",
    "EMPTY_VOLUME,      THROUGH_THE_ENGINE",
    "DATABASE_VOLUME,   ON_THIS_HOST",
    "DATABASE_IN_LAYER, THROUGH_THE_ENGINE",
  })
  void whatTheEngineAcknowledgedBeforeThePauseComesBackAndNothingInPart(Layout layout, Way way)
      throws Exception {
    try (EngineAccess access = EngineAccess.of(way);
        BackupTarget target = BackupTargets.open(temp.resolve("backups"));
        DockerStack stack = DockerStack.labelled(layout)) {
      Installation installation =
          DockerDiscovery.find(stack.home(), DockerOptions.NONE, access.environment())
              .installation();
      Backups backups = Backups.in(target);
      try (EngineWriter writer = startWriter(stack)) {
        int before = writer.awaitMore(100);
        backups.create(installation, BackupRequest.named("first"));
        int after = writer.awaitMore(2);

        Path copy = temp.resolve("copy");
        backups.restore(FIRST, Installation.inFolder(copy), RestoreRequest.STANDARD);
        writer.requireOneInstant(
            engine.open(copy.resolve("qdrant-storage"), COLLECTION), before, after);
      }
    }
  }

  private EngineWriter startWriter(DockerStack stack) throws Exception {
    Path process = Path.of("/proc", Docker.inspect(stack.storeContainer(), "{{.State.Pid}}"));
    Path storage = process.resolve("root/qdrant/storage");
    Path collection = Files.createDirectories(storage.resolve("collections").resolve(COLLECTION));
    Files.writeString(
        collection.resolve("config.json"),
        "{\"params\":{\"vectors\":{\"size\":64,\"distance\":\"Dot\"},\"shard_number\":1}}");
    EngineWriter writer = engine.writeTo(storage, COLLECTION, temp.resolve("acknowledged"));
    try {
      Path freezer = freezer(process);
      Requires.that(Files.isWritable(freezer), "root, and control groups that can be written");
      Files.writeString(freezer, String.valueOf(writer.pid()));
      return writer;
    } catch (IOException | RuntimeException | Error e) {
      writer.close();
      throw e;
    }
  }

  /** Of version 1 with a folder for each kind, of version 2 with one for all. */
  private static Path freezer(Path process) throws IOException {
    for (String line : Files.readAllLines(process.resolve("cgroup"))) {
      String[] fields = line.split(":", 3);
      if (fields[1].equals("freezer") || (line.startsWith("0::/") && fields[2].length() > 1)) {
        return Path.of("/sys/fs/cgroup", fields[1], fields[2], "cgroup.procs");
      }
    }
    throw new AssertionError("no freezer");
  }
}
