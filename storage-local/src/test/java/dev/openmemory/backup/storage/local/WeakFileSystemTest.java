package dev.openmemory.backup.storage.local;

import static dev.openmemory.backup.spi.WriteOptions.CREATE_ONLY;
import static dev.openmemory.backup.spi.WriteOptions.REPLACE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.ObjectName;
import dev.openmemory.backup.spi.Content;
import dev.openmemory.backup.spi.ObjectInfo;
import dev.openmemory.backup.testkit.disk.WatchedDisk;
import dev.openmemory.backup.testkit.disk.WatchedDisk.Ability;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What network shares and removable disks cannot do, and what they do wrong. */
class WeakFileSystemTest {
  private static final ObjectName NAME = new ObjectName("b/openmemory.db");
  private static final Content CONTENT = out -> out.write(new byte[] {1, 2, 3});
  private static final Content OTHER = out -> out.write(new byte[] {4});

  @TempDir Path folder;
  private Path file;
  private WatchedDisk disk;
  private LocalBackupTarget target;

  @BeforeEach
  void open() throws IOException {
    file = folder.resolve(NAME.value());
    disk = WatchedDisk.over(folder);
    target = new LocalBackupTarget(disk.path());
  }

  @AfterEach
  void close() {
    target.close();
    disk.close();
  }

  @ParameterizedTest
  @EnumSource(Ability.class)
  void oneThatLacksAnAbilityKeepsWhatIsWritten(Ability ability) throws Exception {
    disk.without(ability);

    assertThatWritingReplacingAndDeletingWork();
  }

  @Test
  void oneThatLacksAllOfThemDoesToo() throws Exception {
    for (Ability ability : Ability.values()) {
      disk.without(ability);
    }

    assertThatWritingReplacingAndDeletingWork();
  }

  private void assertThatWritingReplacingAndDeletingWork() throws Exception {
    Instant time = Instant.parse("2023-12-15T14:30:22Z");
    ObjectInfo written = target.write(NAME, CONTENT, CREATE_ONLY.withModified(time));

    assertThat(target.stat(NAME)).contains(written);
    assertThat(file).hasBinaryContent(new byte[] {1, 2, 3});
    assertFails(Kind.ALREADY_EXISTS, () -> target.write(NAME, OTHER, CREATE_ONLY));
    Content slower =
        out -> {
          target.write(new ObjectName("b/raced"), CONTENT, CREATE_ONLY);
          out.write(4);
        };
    assertFails(
        Kind.ALREADY_EXISTS, () -> target.write(new ObjectName("b/raced"), slower, CREATE_ONLY));
    assertThat(folder.resolve("b/raced")).hasBinaryContent(new byte[] {1, 2, 3});
    target.write(NAME, OTHER, REPLACE);
    assertThat(file).hasBinaryContent(new byte[] {4});
    target.delete(NAME);
    target.delete(new ObjectName("b/raced"));
    assertThat(file.getParent()).doesNotExist();
  }

  @Test
  void aShareThatRepeatsTheLinkThatItHasMadeDoesNotFailTheWrite() throws Exception {
    disk.beforeEachChange(
        () -> {
          for (Path partial : partialFiles()) {
            if (Files.size(partial) == 3 && !Files.exists(file)) {
              Files.createLink(file, partial);
            }
          }
        });

    assertThat(target.write(NAME, CONTENT, CREATE_ONLY).size()).isEqualTo(3);

    disk.beforeEachChange(() -> {});
    assertThat(file).hasBinaryContent(new byte[] {1, 2, 3});
    assertThat(partialFiles()).isEmpty();
  }

  @Test
  void bytesThatTheFileSystemLosesWithoutAnErrorAreAFailureAndNothingStays() throws Exception {
    losing(
        () -> {
          try (FileChannel cut = FileChannel.open(file, StandardOpenOption.WRITE)) {
            cut.truncate(1);
          }
        });

    BackupException failure =
        assertFails(Kind.FAILED, () -> target.write(NAME, CONTENT, CREATE_ONLY));

    assertThat(failure).hasMessageContaining("3 bytes").hasMessageContaining("1 bytes are there");
    assertThat(file.getParent()).doesNotExist();
  }

  @Test
  void aFileThatIsNotThereAfterwardsIsAFailure() throws Exception {
    losing(() -> Files.delete(file));
    assertFails(Kind.FAILED, () -> target.write(NAME, CONTENT, CREATE_ONLY));

    losing(() -> Files.delete(file));
    assertFails(Kind.FAILED, () -> target.write(NAME, CONTENT, REPLACE));
  }

  @Test
  void aFileThatAnotherWriterHasMovedThereStaysWhenOursIsGone() throws Exception {
    disk.without(Ability.HARD_LINKS);
    disk.without(Ability.LOCKS);
    losing(
        () ->
            Files.move(
                Files.writeString(folder.resolve("other"), "faster"),
                file,
                StandardCopyOption.ATOMIC_MOVE));

    assertFails(Kind.FAILED, () -> target.write(NAME, CONTENT, CREATE_ONLY));

    assertThat(file).hasContent("faster");
  }

  /** Before the last change, which forces the name. */
  private void losing(WatchedDisk.Observer loss) {
    disk.beforeEachChange(
        () -> {
          if (Files.exists(file)) {
            disk.beforeEachChange(() -> {});
            loss.look();
          }
        });
  }

  private List<Path> partialFiles() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(path -> PartialFile.isName(path.getFileName().toString())).toList();
    }
  }

  private static BackupException assertFails(
      Kind kind, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    BackupException failure = catchThrowableOfType(BackupException.class, call);
    assertThat(failure).isNotNull().extracting(BackupException::kind).isEqualTo(kind);
    return failure;
  }
}
