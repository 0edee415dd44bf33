package dev.openmemory.backup.internal.run;

import static dev.openmemory.backup.sample.Failures.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.internal.file.Disk;
import dev.openmemory.backup.internal.parallel.Parallel;
import dev.openmemory.backup.sample.OtherClassLoader;
import dev.openmemory.backup.testconditions.JavaCommand;
import dev.openmemory.backup.testkit.disk.WatchedDisk;
import java.io.Closeable;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class ScratchDirectoryTest {
  private static final int PROCESSES = 3;
  private static final int THREADS = 4;
  private static final int DIRECTORIES = 500;
  private static final long DEADLINE_SECONDS = 60;

  @TempDir Path temp;

  @Test
  @Tag("services")
  void processesThatBeginAtTheSameTimeDoNotSweepEachOther() throws Exception {
    Path parent = Files.createDirectory(temp.resolve("scratch"));
    List<Process> children = new ArrayList<>();
    try {
      for (int i = 0; i < PROCESSES; i++) {
        children.add(child(parent, i));
      }
      for (int i = 0; i < PROCESSES; i++) {
        assertThat(children.get(i).waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(children.get(i).exitValue()).as(Files.readString(output(i))).isZero();
      }
    } finally {
      children.forEach(Process::destroyForcibly);
    }
    assertThat(Disk.entries(parent)).isEmpty();
  }

  @Test
  void threadsThatBeginAtTheSameTimeDoNotSweepEachOther() throws Exception {
    Path parent = Files.createDirectory(temp.resolve("scratch"));
    Parallel.forEach(
        Collections.nCopies(THREADS, DIRECTORIES),
        THREADS,
        directories -> {
          for (int i = 0; i < directories; i++) {
            ScratchDirectory.create(parent).close();
          }
        });
    assertThat(Disk.entries(parent)).isEmpty();
  }

  @Test
  void leftoversOfAnEndedProcessAreRemovedAndFilesInUseStay() throws IOException {
    Path parent = temp.resolve("scratch");
    Path left = Files.createDirectories(parent.resolve("openmemory-backup-scratch-1"));
    Files.createFile(left.resolve("in-use.lock"));
    Files.createDirectories(left.resolve("some/folder"));

    try (ScratchDirectory scratch = ScratchDirectory.create(parent)) {
      assertThat(Disk.entries(parent)).containsExactly(scratch.path());
      try (ScratchDirectory another = ScratchDirectory.create(parent)) {
        assertThat(Disk.entries(parent)).containsExactlyInAnyOrder(scratch.path(), another.path());
      }
    }

    assertThat(Disk.entries(parent)).isEmpty();
  }

  /**
   * As in an application server. The kernel drops a lock when any descriptor of its file closes.
   */
  @Test
  @EnabledOnOs(OS.LINUX)
  void aSweepThroughAnotherClassLoaderLeavesTheDirectoryInUse() throws Exception {
    Path parent = Files.createDirectory(temp.resolve("scratch"));
    try (ScratchDirectory scratch = ScratchDirectory.create(parent);
        OtherClassLoader loader = new OtherClassLoader()) {
      Method create =
          loader
              .loadClass(ScratchDirectory.class.getName())
              .getDeclaredMethod("create", Path.class);
      create.setAccessible(true);
      for (int sweep = 0; sweep < 2; sweep++) {
        try (Closeable other = (Closeable) create.invoke(null, parent)) {
          assertThat(other).isNotNull();
          assertThat(Disk.entries(parent)).hasSize(2).contains(scratch.path());
        }
        assertThat(OtherClassLoader.isLocked(scratch.path().resolve("in-use.lock"))).isTrue();
      }
    }
    assertThat(Disk.entries(parent)).isEmpty();
  }

  @Test
  void filesThatCannotBeRemovedAreNoFailureAndGoWithTheNextRun() throws IOException {
    Path parent = Files.createDirectory(temp.resolve("scratch"));
    try (WatchedDisk disk = WatchedDisk.over(parent)) {
      ScratchDirectory scratch = ScratchDirectory.create(disk.path());
      Files.createFile(scratch.path().resolve("copy.db"));
      disk.beforeEachChange(
          () -> {
            throw new IOException("Operation not permitted");
          });
      scratch.close();
      disk.beforeEachChange(() -> {});
      assertThat(Disk.entries(parent)).hasSize(1);

      ScratchDirectory.create(disk.path()).close();
    }
    assertThat(Disk.entries(parent)).isEmpty();
  }

  @Test
  void aMissingTemporaryFolderIsNotFoundAndNotCreated() {
    Path parent = temp.resolve("missing");

    BackupException failure = failureOf(() -> ScratchDirectory.create(parent));

    assertThat(failure.kind()).isEqualTo(Kind.NOT_FOUND);
    assertThat(failure).hasMessage("create temporary directory " + parent + ": does not exist");
    assertThat(parent).doesNotExist();
  }

  private Process child(Path parent, int number) throws IOException {
    return new ProcessBuilder(
            JavaCommand.of(
                ScratchChild.class, List.of("-XX:TieredStopAtLevel=1"), parent, DIRECTORIES))
        .redirectErrorStream(true)
        .redirectOutput(output(number).toFile())
        .start();
  }

  private Path output(int number) {
    return temp.resolve("output-" + number);
  }
}
