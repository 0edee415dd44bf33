package dev.openmemory.backup.storage.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoriesTest {
  @TempDir Path root;

  @Test
  void aNameIsForcedToTheDiskAlsoInAnInterruptedThread() throws Exception {
    Thread.currentThread().interrupt();

    Directories.force(root);

    assertThat(Thread.interrupted()).as("interrupt flag").isTrue();
  }

  @Test
  void emptyDirectoriesGoUpToTheRootOrTheFirstInUse() throws Exception {
    Path used = Files.createDirectories(root.resolve("a/used"));
    Path empty = Files.createDirectories(root.resolve("a/b/c"));

    Directories.removeEmpty(root, empty);
    assertThat(used).exists();
    assertThat(root.resolve("a/b")).doesNotExist();

    Directories.removeEmpty(root, used);
    assertThat(root).isEmptyDirectory();
  }
}
