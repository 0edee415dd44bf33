package dev.openmemory.backup.storage.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.ObjectName;
import dev.openmemory.backup.spi.ObjectInfo;
import dev.openmemory.backup.spi.WriteOptions;
import dev.openmemory.backup.testkit.disk.DiskState;
import dev.openmemory.backup.testkit.disk.WatchedDisk;
import dev.openmemory.backup.testkit.disk.WatchedDisk.Survivors;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A kill and a loss of power before each change that a call makes. */
class LocalBackupTargetCrashTest {
  private static final Set<Survivors> ALL = EnumSet.allOf(Survivors.class);
  private static final ObjectName OLD = new ObjectName("a/old");
  private static final ObjectName NEW = new ObjectName("b/new");

  @TempDir Path temporary;
  private WatchedDisk disk;
  private LocalBackupTarget target;

  @BeforeEach
  void fill() throws IOException {
    disk = WatchedDisk.over(temporary);
    target = new LocalBackupTarget(Files.createDirectory(disk.path().resolve("backups")));
    write(OLD, "old", WriteOptions.CREATE_ONLY);
    disk.restore(disk.state(Survivors.EVERYTHING));
  }

  @AfterEach
  void close() throws IOException {
    target.close();
    disk.close();
  }

  @Test
  void aWriteThatEndsAnywhereLeavesTheWholeObjectOrNone() throws IOException {
    assertEnds(
        () -> write(NEW, "new", WriteOptions.CREATE_ONLY),
        Map.of("a/old", "old"),
        Map.of("a/old", "old", "b/new", "new"));
  }

  @Test
  void aFileSystemThatForcesFilesOnlyFailsNoWriteAndNoDeletion() throws IOException {
    disk.without(WatchedDisk.Ability.FORCED_DIRECTORIES);
    write(NEW, "new", WriteOptions.CREATE_ONLY);
    target.delete(OLD);
    assertThat(disk.state(Survivors.EVERYTHING).files()).containsExactly("backups/b/new");
  }

  @Test
  void aReplacementThatEndsAnywhereLeavesTheOldObjectOrTheNewOne() throws IOException {
    assertEnds(
        () -> write(OLD, "new", WriteOptions.REPLACE),
        Map.of("a/old", "old"),
        Map.of("a/old", "new"));
  }

  @Test
  void aDeletionThatEndsAnywhereLeavesTheObjectOrNone() throws IOException {
    assertEnds(() -> target.delete(OLD), Map.of("a/old", "old"), Map.of());
  }

  @Test
  void whatWasWrittenIsThereAfterALossOfPower() throws IOException {
    write(NEW, "new", WriteOptions.CREATE_ONLY);
    disk.restore(disk.state(Survivors.FORCED_ONLY));
    assertThat(objects()).isEqualTo(Map.of("a/old", "old", "b/new", "new"));
    write(OLD, "newer", WriteOptions.REPLACE);
    disk.restore(disk.state(Survivors.FORCED_ONLY));
    assertThat(objects()).isEqualTo(Map.of("a/old", "newer", "b/new", "new"));
  }

  private void assertEnds(
      WatchedDisk.Work work, Map<String, String> before, Map<String, String> after)
      throws IOException {
    Map<DiskState, String> ends = disk.endsOf(ALL, work);
    for (Map.Entry<DiskState, String> end : ends.entrySet()) {
      disk.restore(end.getKey());
      assertThat(objects()).as(end.getValue()).isIn(before, after);
      target.sweepLeftovers();
      List<String> files = disk.state(Survivors.EVERYTHING).files();
      assertThat(files).as(end.getValue()).noneMatch(name -> name.contains("/."));
    }
    assertThat(ends.size()).isGreaterThan(1);
  }

  private void write(ObjectName name, String text, WriteOptions options) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    ObjectInfo written = target.write(name, out -> out.write(bytes), options);
    assertThat(written.size()).isEqualTo(bytes.length);
  }

  private Map<String, String> objects() throws IOException {
    Map<String, String> objects = new TreeMap<>();
    for (ObjectInfo object : target.list("")) {
      try (InputStream in = target.read(object.name(), 0)) {
        objects.put(object.name().value(), new String(in.readAllBytes(), StandardCharsets.UTF_8));
      }
    }
    return objects;
  }
}
