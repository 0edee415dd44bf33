package dev.openmemory.backup.internal.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openmemory.backup.testkit.disk.WatchedDisk;
import dev.openmemory.backup.testkit.disk.WatchedDisk.Ability;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskTest {
  @TempDir Path folder;

  @Test
  void anEmptyFolderThatMayNotBeRemovedIsNoFailure() throws IOException {
    Files.createDirectory(folder.resolve("work"));
    try (WatchedDisk disk = WatchedDisk.over(folder)) {
      Path work = disk.path().resolve("work");
      disk.beforeEachChange(
          () -> {
            throw new FileSystemException(work.toString(), null, "Operation not permitted");
          });
      Disk.deleteIfEmpty(work);
      assertThat(work).exists();

      disk.beforeEachChange(() -> {});
      Disk.deleteIfEmpty(work);
      assertThat(work).doesNotExist();
    }
  }

  @Test
  void aFileSystemThatForcesNoDirectoriesIsNoFailureAndADiskThatFailsIsOne() throws IOException {
    try (WatchedDisk disk = WatchedDisk.over(folder)) {
      disk.without(Ability.FORCED_DIRECTORIES);
      Disk.force(disk.path());
      assertThat(folder).isEmptyDirectory();

      disk.beforeEachChange(
          () -> {
            throw new IOException("Eingabe-/Ausgabefehler");
          });
      assertThatThrownBy(() -> Disk.force(disk.path())).hasMessageContaining("Argument");
    }
    try (WatchedDisk disk = WatchedDisk.over(folder)) {
      disk.beforeEachChange(
          () -> {
            disk.beforeEachChange(() -> {});
            throw new IOException("for once");
          });
      assertThatThrownBy(() -> Disk.force(disk.path())).hasMessage("for once");
    }
  }
}
