package dev.openmemory.backup.docker.internal.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.docker.internal.engine.DockerEngine;
import dev.openmemory.backup.docker.internal.engine.EngineDouble;
import dev.openmemory.backup.docker.internal.engine.PodmanDirectory;
import dev.openmemory.backup.docker.internal.swap.EngineSwap;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A database in a container comes back after a restore that failed, and a repair of it stays. */
@Timeout(60)
class FileRollbackTest {
  private static final Map<String, String> OLD = Map.of("a.db", "old rows", "a.db-wal", "old log");

  @TempDir private Path folder;
  private EngineDouble engine;
  private PodmanDirectory directory;
  private FileData data;

  @BeforeEach
  void start() throws IOException {
    engine = new EngineDouble(folder);
    directory = PodmanDirectory.in(engine);
    OLD.forEach((name, text) -> directory.files().put(name, PodmanDirectory.text(text)));
    ContainerFile file =
        new ContainerFile(engine.endpoint(), "store", "/data/a.db", folder.resolve("work"));
    data =
        new FileData(
            DockerEngine.connect(engine.endpoint()), file, List.of("", "-wal", "-journal"));
  }

  @AfterEach
  void stop() throws IOException {
    data.close();
    engine.close();
  }

  @Test
  void aRollbackPutsTheFilesBack() throws IOException {
    applied().rollback();
    assertThat(held()).isEqualTo(OLD);

    applied();
    left().requireUnrepaired();
    left().rollback();
    assertThat(held()).isEqualTo(OLD);

    applied();
    directory.files().clear();
    left().rollback();
    assertThat(held()).isEqualTo(OLD);
  }

  @Test
  void whatAPersonOrAProgramHasWrittenOverRestoredFilesIsLeftAlone() throws IOException {
    for (String name : List.of("a.db", "a.db-journal")) {
      applied();
      directory.files().put(name, PodmanDirectory.text("of another backup"));
      Map<String, String> repaired = held();

      for (BackupException refusal :
          List.of(
              catchThrowableOfType(BackupException.class, () -> left().requireUnrepaired()),
              failure(left()))) {
        assertThat(refusal.kind()).isEqualTo(Kind.NOT_ROLLED_BACK);
        assertThat(refusal)
            .hasMessageContaining("old.tar")
            .hasMessageContaining("unlock --restore repaired");
        assertThat(held()).isEqualTo(repaired);
      }
      EngineSwap again = left();
      again.replaceRepair();
      again.requireUnrepaired();
      again.rollback();
      assertThat(held()).isEqualTo(OLD);
    }
  }

  @Test
  void afterARollbackThatFailedARepairByHandIsLeftAlone() throws IOException {
    EngineSwap swap = applied();
    directory.refuseWriting();
    assertThat(failure(swap).kind()).isEqualTo(Kind.NOT_ROLLED_BACK);
    directory.mend();
    directory.files().put("a.db", PodmanDirectory.text("of another backup"));
    Map<String, String> repaired = held();

    BackupException refusal = failure(left());

    assertThat(refusal.kind()).isEqualTo(Kind.NOT_ROLLED_BACK);
    assertThat(refusal).hasMessageContaining("unlock --restore repaired");
    assertThat(held()).isEqualTo(repaired);
    EngineSwap again = left();
    again.replaceRepair();
    again.rollback();
    assertThat(held()).isEqualTo(OLD);
  }

  @Test
  void aRollbackThatTheEngineOnlySaysItHasDoneIsAFailure() throws IOException {
    EngineSwap swap = applied();
    directory.files().put("a.db", PodmanDirectory.text("new rows"));
    directory.files().put("a.db-wal", PodmanDirectory.text("new log"));
    engine.answer("PUT /containers/store/archive", EngineDouble.json(200, ""));

    assertThat(failure(swap).kind()).isEqualTo(Kind.NOT_ROLLED_BACK);
  }

  private EngineSwap applied() throws IOException {
    Path content = Files.writeString(folder.resolve("content"), "restored rows");
    EngineSwap swap =
        EngineSwap.begin(data, folder.resolve("work"), "r1", "database", new Cancellation());
    FileCopies.pack(content, new TarArchiveEntry("a.db"), swap.staged(), new Cancellation());
    swap.apply();
    assertThat(held()).isEqualTo(Map.of("a.db", "restored rows"));
    return swap;
  }

  private EngineSwap left() {
    return EngineSwap.resume(data, folder.resolve("work"), "r1", "database");
  }

  private static BackupException failure(EngineSwap swap) {
    return catchThrowableOfType(BackupException.class, swap::rollback);
  }

  /** An empty file is as good as none. */
  private Map<String, String> held() {
    Map<String, String> held = new TreeMap<>();
    directory
        .files()
        .forEach((name, bytes) -> held.put(name, new String(bytes, StandardCharsets.UTF_8)));
    held.values().removeIf(String::isEmpty);
    return held;
  }
}
