package dev.openmemory.backup.storage.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
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

  @Test
  void oneThatOthersMakeAndRemoveMeanwhileIsTakenForNothingElse() throws Exception {
    Path busy = root.resolve("busy");
    AtomicBoolean done = new AtomicBoolean();
    CompletableFuture<Void> others =
        CompletableFuture.runAsync(
            () -> {
              while (!done.get()) {
                makeAndRemove(busy);
              }
            });
    try {
      for (int round = 0; round < 4_000; round++) {
        Directories.create(root, busy);
      }
    } finally {
      done.set(true);
      others.join();
    }
    assertThat(others).isCompleted();
  }

  private static void makeAndRemove(Path directory) {
    try {
      Files.createDirectory(directory);
    } catch (FileAlreadyExistsException e) {
      // The other side was faster.
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    try {
      Files.deleteIfExists(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
