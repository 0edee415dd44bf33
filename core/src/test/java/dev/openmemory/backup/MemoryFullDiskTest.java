package dev.openmemory.backup;

import static dev.openmemory.backup.sample.Failures.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.testconditions.Mount;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Memories are put back on a real disk that is full, also for SQLite itself. */
@Tag("services")
class MemoryFullDiskTest extends MemoryRestoreFixture {
  private @Nullable Mount disk;

  @Override
  Path home() throws IOException {
    Path home = super.home();
    disk = Mount.tmpfs(Files.createDirectory(home), "size=8m");
    return home;
  }

  private Path filler() throws IOException {
    return super.home().resolve("filler");
  }

  @BeforeEach
  void deleteOne() throws Exception {
    live.delete(ids.get(0));
  }

  @Override
  @AfterEach
  void nothingIsLeft() throws IOException {
    try {
      super.nothingIsLeft();
    } finally {
      if (disk != null) {
        disk.close();
      }
    }
  }

  private void fill() {
    try (OutputStream out = Files.newOutputStream(filler())) {
      byte[] page = new byte[4096];
      while (true) {
        out.write(page);
      }
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("No space left on device");
    }
  }

  private void before(String method, Runnable action) {
    live.qdrant().before(method + " /collections/openmemory/points.*", action);
  }

  @Test
  void aDiskThatIsFullWhenTheRowsAreWrittenLeavesRowsAndPointsAsTheyWere() throws Exception {
    Map<String, String> left = live.points();
    List<String> deleted = live.memories();
    // The points are read back once they are there, and the rows follow.
    before("PUT", () -> before("POST", this::fill));

    BackupException failure = failureOf(() -> restore(request(ids.get(0))));

    assertThat(failure)
        .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.ROLLED_BACK))
        .hasMessageContaining("openmemory.db: No space is left on its disk");
    assertThat(live.memories()).isEqualTo(deleted);
    assertThat(live.points()).isEqualTo(left);
    Files.delete(filler());
    restore(request(ids.get(0)));
    assertAllIsAsBefore();
  }
}
