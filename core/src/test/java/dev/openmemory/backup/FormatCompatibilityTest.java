package dev.openmemory.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.sample.Rows;
import dev.openmemory.backup.sample.StoredObjects;
import dev.openmemory.backup.testkit.InMemoryBackupTarget;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A backup of each format version is kept in {@code formats/} for good, as it was written then, and
 * can still be restored.
 */
class FormatCompatibilityTest {
  @TempDir Path temp;

  @Test
  void everyFormatVersionCanStillBeVerifiedAndRestored() throws Exception {
    Path formats =
        Path.of(System.getProperty("openmemory.root"), "core/src/test/resources/formats");
    StoredObjects stored = new StoredObjects(new InMemoryBackupTarget());
    stored.writeAll(formats);
    Backups backups = Backups.in(stored.target());
    List<BackupSummary> all = backups.list();
    assertThat(all).extracting(b -> b.name().value()).contains("format-1.0");
    for (BackupSummary backup : all) {
      assertThat(backups.verify(backup.name()).problems()).as(backup.name().value()).isEmpty();
      Path folder = temp.resolve(backup.name().value());
      backups.restore(backup.name(), Installation.inFolder(folder), RestoreRequest.STANDARD);
      assertRestored(folder);
    }
  }

  private static void assertRestored(Path folder) throws Exception {
    assertThat(Rows.of(folder.resolve("api/openmemory.db")).get("memories"))
        .containsExactly("1|active|", "2|deleted|");
    assertThat(folder.resolve("api/config.json")).hasContent("{\"mem0\": {}}");
    Path collection = folder.resolve("qdrant-storage/collections/openmemory");
    assertThat(collection.resolve("config.json")).hasContent("{}");
    assertThat(collection.resolve("0/wal/open-1")).hasSize(1 << 20);
  }
}
