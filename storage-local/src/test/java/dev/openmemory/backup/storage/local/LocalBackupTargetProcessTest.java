package dev.openmemory.backup.storage.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.openmemory.backup.ObjectName;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What several processes do to one directory, and what their deaths leave. */
@Tag("services")
class LocalBackupTargetProcessTest {
  private static final int ROUNDS = 100;

  @TempDir Path root;

  @Test
  void aWriterKilledInTheMiddleLeavesOnlyAHiddenFileThatTheSweepRemoves() throws Exception {
    try (LocalBackupTarget target = new LocalBackupTarget(root);
        WriterProcess writer = WriterProcess.start("write", root, "b/openmemory.db")) {
      writer.awaitReady();
      writer.kill();

      assertThat(target.list("")).isEmpty();
      assertThat(root.resolve("b")).isNotEmptyDirectory();

      List<String> swept = target.sweepLeftovers();

      assertThat(swept).hasSize(1);
      assertThat(swept.get(0)).startsWith(target.location() + "/b/.openmemory-backup-");
      assertThat(root).isEmptyDirectory();
    }
  }

  @Test
  void theFileOfAnActiveWriterIsNotSwept() throws Exception {
    try (LocalBackupTarget target = new LocalBackupTarget(root);
        WriterProcess writer = WriterProcess.start("write", root, "b/openmemory.db")) {
      writer.awaitReady();

      assertThat(target.sweepLeftovers()).isEmpty();

      assertThat(target.list("")).isEmpty();
      writer.goOn();
      writer.awaitEnd();
      assertThat(target.stat(new ObjectName("b/openmemory.db")))
          .hasValueSatisfying(
              o -> assertThat(o.size()).isEqualTo(2L * (LocalBackupTarget.BUFFER_BYTES + 1)));
    }
  }

  @Test
  void ofTwoProcessesExactlyOneCreatesEachName() throws Exception {
    race("race", IntStream.range(0, ROUNDS).mapToObj(i -> "race/" + i).toList());
  }

  @Test
  void ofTwoProcessesWithoutHardLinksToo() throws Exception {
    race("move", IntStream.range(0, ROUNDS).mapToObj(i -> "race-" + i).toList());
  }

  @Test
  @Timeout(60)
  void aMoveWithoutHardLinksWaitsForTheOneUnderWay() throws Exception {
    Path locks = Path.of("/proc/locks");
    assumeTrue(Files.isReadable(locks));
    try (FileChannel channel =
            FileChannel.open(
                root.resolve(".openmemory-backup.lock"),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE);
        WriterProcess child = WriterProcess.start("move", root, "child", "1")) {
      child.awaitReady();
      FileLock lock = channel.lock();
      child.goOn();
      String waiting = "-> .* WRITE " + child.pid() + " ";
      Predicate<String> isWaiting = Pattern.compile(waiting).asPredicate();
      while (!isWaiting.test(Files.readString(locks))) {
        assertThat(child.isAlive()).as("the child waits").isTrue();
        Thread.onSpinWait();
      }
      Files.writeString(root.resolve("race-0"), "parent");
      lock.release();

      assertThat(child.awaitEnd()).isEmpty();
      assertThat(root.resolve("race-0")).hasContent("parent");
    }
  }

  private void race(String mode, List<String> names) throws Exception {
    try (WriterProcess one = WriterProcess.start(mode, root, "one", "" + ROUNDS);
        WriterProcess two = WriterProcess.start(mode, root, "two", "" + ROUNDS)) {
      one.awaitReady();
      two.awaitReady();
      one.goOn();
      two.goOn();
      List<String> wonByOne = one.awaitEnd();
      List<String> wonByTwo = two.awaitEnd();

      assertThat(Stream.concat(wonByOne.stream(), wonByTwo.stream()))
          .containsExactlyInAnyOrderElementsOf(names);
      for (String name : names) {
        assertThat(root.resolve(name)).hasContent(wonByOne.contains(name) ? "one" : "two");
      }
    }
  }
}
