package dev.openmemory.backup.storage.local;

import static dev.openmemory.backup.spi.WriteOptions.CREATE_ONLY;
import static dev.openmemory.backup.spi.WriteOptions.REPLACE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.ObjectName;
import dev.openmemory.backup.spi.Content;
import dev.openmemory.backup.spi.ObjectInfo;
import dev.openmemory.backup.testkit.disk.WatchedDisk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the objects are as files, and what becomes of files that are no objects. */
class LocalBackupTargetFilesTest {
  private static final ObjectName NAME = new ObjectName("b/openmemory.db");
  private static final Content CONTENT = out -> out.write(new byte[] {1, 2, 3});

  @TempDir Path folder;
  private Path root;
  private LocalBackupTarget target;

  @BeforeEach
  void open() {
    root = folder.resolve("there");
    target = new LocalBackupTarget(root);
  }

  @Test
  void theRootIsCreatedByTheFirstWriteAndNotBefore() throws Exception {
    assertThat(target.list("")).isEmpty();
    assertThat(target.stat(NAME)).isEmpty();
    target.delete(NAME);
    assertThat(target.sweepLeftovers()).isEmpty();
    assertThat(target.usableBytes()).isPositive();
    assertThat(folder).isEmptyDirectory();

    target.write(NAME, CONTENT, CREATE_ONLY);

    assertThat(root.resolve("b/openmemory.db")).hasBinaryContent(new byte[] {1, 2, 3});
  }

  @Test
  void aFolderThatMayNotBeReadHidesNoOther() throws Exception {
    assumeTrue(!"root".equals(System.getProperty("user.name")), "root may read everything");
    Path foreign = Files.createDirectories(root.resolve("alice"));
    Files.setPosixFilePermissions(foreign, PosixFilePermissions.fromString("---------"));
    target.write(NAME, CONTENT, CREATE_ONLY);

    assertThat(target.list("")).extracting(ObjectInfo::name).containsExactly(NAME);
    assertThat(target.listFolders("")).extracting(ObjectInfo::name).containsExactly(NAME);
    assertThat(target.sweepLeftovers()).isEmpty();
    assertFails(Kind.DENIED, () -> target.listFolders("alice/"));
  }

  @Test
  void foldersThatCannotBeBackupsAreNotEntered() throws Exception {
    assumeTrue(!"root".equals(System.getProperty("user.name")), "root may read everything");
    for (String name : List.of("lost+found", "#recycle", "b/deeper")) {
      Path foreign = Files.createDirectories(root.resolve(name));
      Files.setPosixFilePermissions(foreign, PosixFilePermissions.fromString("---------"));
    }
    target.write(NAME, CONTENT, CREATE_ONLY);

    assertThat(target.listFolders("b/deeper/")).isEmpty();
    assertThat(target.listFolders("b/")).extracting(ObjectInfo::name).containsExactly(NAME);
    assertThat(target.listFolders("")).extracting(ObjectInfo::name).containsExactly(NAME);
    assertThat(target.sweepLeftovers()).isEmpty();
  }

  @Test
  void filesAndDirectoriesArePrivate() throws Exception {
    assumeTrue(Files.getFileStore(folder).supportsFileAttributeView("posix"));
    Content looking =
        out -> {
          try (Stream<Path> files = Files.list(root.resolve("b"))) {
            assertThat(files.toList()).hasSize(1).allMatch(f -> mode(f).equals("rw-------"));
          }
        };

    target.write(NAME, looking, CREATE_ONLY);

    assertThat(mode(root.resolve("b/openmemory.db"))).isEqualTo("rw-------");
    for (String directory : List.of("there", "there/b")) {
      assertThat(mode(folder.resolve(directory))).as(directory).isEqualTo("rwx------");
    }
  }

  @Test
  void aFailedWriteLeavesNeitherFileNorDirectory() throws Exception {
    target.write(new ObjectName("a/keep"), CONTENT, CREATE_ONLY);
    Content broken =
        out -> {
          out.write(new byte[LocalBackupTarget.BUFFER_BYTES * 2]);
          Thread.currentThread().interrupt();
          throw new IOException("broken");
        };

    assertThatThrownBy(() -> target.write(new ObjectName("b/c/d"), broken, CREATE_ONLY));
    assertThatThrownBy(() -> target.write(new ObjectName("a/keep"), broken, REPLACE));

    assertThat(Thread.interrupted()).isTrue();
    assertThat(paths()).containsExactlyInAnyOrder("a", "a/keep");
  }

  @Test
  void contentThatHidesAFailureOfTheTargetIsNotPublished() throws Exception {
    Content hiding =
        out -> {
          Thread.currentThread().interrupt();
          try {
            out.write(new byte[LocalBackupTarget.BUFFER_BYTES * 2]);
          } catch (IOException e) {
            assertThat(Thread.interrupted()).isTrue();
          }
        };

    assertFails(Kind.CANCELLED, () -> target.write(NAME, hiding, CREATE_ONLY));

    assertThat(target.list("")).isEmpty();
  }

  @Test
  void anEmptiedFolderThatMayNotBeRemovedDoesNotFailTheDeletion() throws Exception {
    try (WatchedDisk disk = WatchedDisk.over(folder);
        LocalBackupTarget watched = new LocalBackupTarget(disk.path())) {
      watched.write(NAME, CONTENT, CREATE_ONLY);
      Path file = folder.resolve(NAME.value());
      AtomicInteger afterDeletion = new AtomicInteger();
      disk.beforeEachChange(
          () -> {
            // The first one makes the deletion durable.
            if (!Files.exists(file) && afterDeletion.incrementAndGet() > 1) {
              throw new FileSystemException(NAME.value(), null, "Operation not permitted");
            }
          });

      watched.delete(NAME);

      assertThat(afterDeletion).hasValue(2);
    }
    assertThat(target.list("")).isEmpty();
    assertThat(folder.resolve("b")).isEmptyDirectory();
  }

  @Test
  void deletingTheLastObjectRemovesItsDirectoriesButNotTheRoot() throws Exception {
    target.write(new ObjectName("a/b/c"), CONTENT, CREATE_ONLY);
    target.write(new ObjectName("a/d"), CONTENT, CREATE_ONLY);

    target.delete(new ObjectName("a/b/c"));
    assertThat(paths()).containsExactlyInAnyOrder("a", "a/d");

    target.delete(new ObjectName("a/d"));
    assertThat(root).isEmptyDirectory();
  }

  @Test
  void foreignFilesAreNeitherListedNorRemoved() throws Exception {
    target.write(NAME, CONTENT, CREATE_ONLY);
    for (String foreign : List.of(".DS_Store", "with space", "-dash", "a..b", "b/.hidden")) {
      Files.writeString(root.resolve(foreign), "foreign");
    }
    Files.writeString(Files.createDirectory(root.resolve(".git")).resolve("config"), "foreign");

    assertThat(target.list("")).hasSize(1);
    assertThat(target.sweepLeftovers()).isEmpty();
    target.delete(NAME);

    assertThat(paths())
        .containsExactlyInAnyOrder(
            ".DS_Store", "with space", "-dash", "a..b", "b", "b/.hidden", ".git", ".git/config");
  }

  @Test
  void noNameLeavesTheRootThroughALink() throws Exception {
    Path outside = Files.createDirectory(folder.resolve("outside"));
    Path secret = Files.writeString(outside.resolve("secret"), "secret");
    Files.createDirectories(root);
    Files.createSymbolicLink(root.resolve("folder"), outside);
    Files.createSymbolicLink(root.resolve("file"), secret);
    ObjectName throughFolder = new ObjectName("folder/secret");
    ObjectName throughFile = new ObjectName("file");

    assertThat(target.list("")).isEmpty();
    for (ObjectName name : List.of(throughFolder, throughFile)) {
      assertThat(target.stat(name)).isEmpty();
      assertFails(Kind.NOT_FOUND, () -> target.read(name, 0).close());
      target.delete(name);
    }
    assertFails(
        Kind.UNSUPPORTED, () -> target.write(new ObjectName("folder/new"), CONTENT, CREATE_ONLY));
    target.write(throughFile, CONTENT, REPLACE);

    assertThat(outside).isDirectoryContaining(file -> file.equals(secret));
    assertThat(secret).hasContent("secret");
    assertThat(root.resolve("file")).isRegularFile();
  }

  @Test
  void theRootItselfMayBeALink() throws Exception {
    Path real = Files.createDirectory(folder.resolve("real"));
    Path link = Files.createSymbolicLink(folder.resolve("link"), real);

    try (LocalBackupTarget linked = new LocalBackupTarget(link)) {
      linked.write(NAME, CONTENT, CREATE_ONLY);
      assertThat(linked.list("")).hasSize(1);
    }

    assertThat(real.resolve("b/openmemory.db")).exists();
  }

  @Test
  void aNameBelowAnObjectOrOfAFolderIsRefused() throws Exception {
    target.write(NAME, CONTENT, CREATE_ONLY);
    ObjectName below = new ObjectName("b/openmemory.db/more");
    ObjectName folderName = new ObjectName("b");

    assertFails(Kind.UNSUPPORTED, () -> target.write(below, CONTENT, CREATE_ONLY));
    assertFails(Kind.ALREADY_EXISTS, () -> target.write(folderName, CONTENT, CREATE_ONLY));
    assertFails(Kind.UNSUPPORTED, () -> target.write(folderName, CONTENT, REPLACE));
    assertThat(target.stat(below)).isEmpty();

    assertThat(paths()).containsExactlyInAnyOrder("b", "b/openmemory.db");
  }

  @Test
  void aFileInPlaceOfTheRootIsNoTarget() throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "no directory");

    try (LocalBackupTarget wrong = new LocalBackupTarget(file)) {
      assertFails(Kind.UNSUPPORTED, () -> wrong.list(""));
      assertFails(Kind.UNSUPPORTED, () -> wrong.write(NAME, CONTENT, CREATE_ONLY));
    }

    assertThat(file).hasContent("no directory");
  }

  @Test
  void theLocationIsTheSameBeforeAndAfterTheRootExists() throws Exception {
    String before = target.location();

    target.write(NAME, CONTENT, CREATE_ONLY);

    assertThat(target.location()).isEqualTo(before).startsWith("file:/").endsWith("/there");
    assertThat(new LocalBackupTarget(root).location()).isEqualTo(before);
  }

  private List<String> paths() throws IOException {
    try (Stream<Path> paths = Files.walk(root)) {
      return paths
          .filter(path -> !path.equals(root))
          .map(path -> root.relativize(path).toString())
          .toList();
    }
  }

  private static String mode(Path path) {
    try {
      return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void assertFails(Kind kind, ThrowingCallable call) {
    BackupException failure = catchThrowableOfType(BackupException.class, call);
    assertThat(failure).isNotNull().extracting(BackupException::kind).isEqualTo(kind);
  }
}
