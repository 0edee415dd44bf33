package dev.openmemory.backup.storage.sftp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.ObjectName;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.spi.ObjectInfo;
import dev.openmemory.backup.spi.SweepsLeftovers;
import dev.openmemory.backup.spi.WriteOptions;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.apache.sshd.sftp.server.DirectoryHandle;
import org.apache.sshd.sftp.server.FileHandle;
import org.apache.sshd.sftp.server.SftpFileSystemAccessor;
import org.apache.sshd.sftp.server.SftpSubsystemProxy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What servers refuse, and how it is told. */
class SftpRefusingServerTest {
  private static final ObjectName NAME = new ObjectName("backup/file");

  @TempDir Path scratch;

  @Test
  void withoutTheSubsystemTheServerIsUnsupported() throws Exception {
    try (SftpServer server =
            EmbeddedSftpServer.start(sshd -> sshd.setSubsystemFactories(List.of()));
        BackupTarget target = target(server)) {
      OnFaultyLine.assertFails(Kind.UNSUPPORTED, () -> target.list(""));
    }
  }

  @Test
  void aFolderThatMayNotBeReadHidesNoOther() throws Exception {
    SftpFileSystemAccessor refusing =
        new SftpFileSystemAccessor() {
          @Override
          public DirectoryStream<Path> openDirectory(
              SftpSubsystemProxy subsystem,
              DirectoryHandle handle,
              Path dir,
              String name,
              LinkOption... links)
              throws IOException {
            if (dir.endsWith("alice") || dir.endsWith("deeper")) {
              throw new AccessDeniedException(dir.toString());
            }
            return SftpFileSystemAccessor.super.openDirectory(subsystem, handle, dir, name, links);
          }
        };
    try (SftpServer server = EmbeddedSftpServer.start(EmbeddedSftpServer.withFiles(refusing));
        BackupTarget target = target(server)) {
      target.write(NAME, Pattern.of(1, 1000).content(), WriteOptions.CREATE_ONLY);
      Files.createDirectories(server.folder().resolve("alice/deeper"));
      Files.createDirectories(server.folder().resolve("backup/deeper"));

      assertThat(target.list("")).extracting(ObjectInfo::name).containsExactly(NAME);
      assertThat(target.listFolders("backup/")).extracting(ObjectInfo::name).containsExactly(NAME);
      assertThat(((SweepsLeftovers) target).sweepLeftovers()).isEmpty();
      OnFaultyLine.assertFails(Kind.DENIED, () -> target.list("alice/"));
    }
  }

  @Test
  void aRefusedRenameAndLinkLeaveNothing() throws Exception {
    SftpFileSystemAccessor refusing =
        new SftpFileSystemAccessor() {
          @Override
          public void createLink(
              SftpSubsystemProxy subsystem, Path link, Path existing, boolean symbolic)
              throws IOException {
            throw new AccessDeniedException(link.toString());
          }

          @Override
          public void renameFile(
              SftpSubsystemProxy subsystem, Path from, Path to, Collection<CopyOption> options)
              throws IOException {
            throw new AccessDeniedException(to.toString());
          }
        };
    try (SftpServer server = EmbeddedSftpServer.start(EmbeddedSftpServer.withFiles(refusing));
        BackupTarget target = target(server)) {
      BackupException failure =
          OnFaultyLine.assertFails(
              Kind.DENIED,
              () -> target.write(NAME, Pattern.of(1, 1000).content(), WriteOptions.CREATE_ONLY));
      assertThat(failure).hasMessageContaining("/backup/file");
      assertThat(server.folder()).isEmptyDirectory();
    }
  }

  @Test
  void aTargetThatIsAFileIsToldSo() throws Exception {
    try (SftpServer server = EmbeddedSftpServer.start();
        BackupTarget target = target(server, "/file")) {
      Files.writeString(server.folder().resolve("file"), "foreign");

      assertThat(OnFaultyLine.assertFails(Kind.INVALID, () -> target.list("")))
          .hasMessageContaining("/file is a file and not a directory");
    }
  }

  @Test
  void withoutPosixRenameReplacingIsUnsupportedAndTheTraitsSaySo() throws Exception {
    try (SftpServer server =
            EmbeddedSftpServer.start(EmbeddedSftpServer.withExtensions("hardlink@openssh.com=1"));
        BackupTarget target = target(server)) {
      assertThat(target.traits().atomicReplace()).isFalse();
      assertThat(target.traits().exclusiveCreate()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aDirectoryThatIsMadeAndRemovedBySomebodyElseMeanwhileIsMade(boolean told) throws Exception {
    DirectoryMaking busy =
        new DirectoryMaking(
            3, path -> told ? new FileAlreadyExistsException(path.toString()) : new IOException());
    try (SftpServer server = EmbeddedSftpServer.start(EmbeddedSftpServer.withFiles(busy));
        BackupTarget target = target(server)) {
      target.write(NAME, Pattern.of(1, 1000).content(), WriteOptions.CREATE_ONLY);
      assertThat(server.folder().resolve("backup/file")).hasSize(1000);
      assertThat(busy.asked()).isEqualTo(4);
    }
  }

  @Test
  void aDirectoryThatIsDeniedIsAskedForOnce() throws Exception {
    DirectoryMaking denying =
        new DirectoryMaking(1000, path -> new AccessDeniedException(path.toString()));
    assertThat(refused(denying, Kind.DENIED)).hasMessageContaining("backup/file");
    assertThat(denying.asked()).isOne();
  }

  @Test
  void aDirectoryThatIsRefusedForNoReasonIsAskedForAFewTimes() throws Exception {
    DirectoryMaking refusing = new DirectoryMaking(1000, path -> new IOException());
    assertThat(refused(refusing, Kind.FAILED)).hasMessageContaining("the server refuses");
    assertThat(refusing.asked()).isEqualTo(10);
  }

  private BackupException refused(DirectoryMaking making, Kind kind) throws Exception {
    try (SftpServer server = EmbeddedSftpServer.start(EmbeddedSftpServer.withFiles(making));
        BackupTarget target = target(server)) {
      return OnFaultyLine.assertFails(
          kind, () -> target.write(NAME, Pattern.of(1, 1000).content(), WriteOptions.CREATE_ONLY));
    }
  }

  /** A server that refuses to make a directory, so many times. */
  private static final class DirectoryMaking implements SftpFileSystemAccessor {
    private final int refusals;
    private final Function<Path, IOException> refusal;
    private final AtomicInteger asked = new AtomicInteger();

    DirectoryMaking(int refusals, Function<Path, IOException> refusal) {
      this.refusals = refusals;
      this.refusal = refusal;
    }

    int asked() {
      return asked.get();
    }

    @Override
    public void createDirectory(SftpSubsystemProxy subsystem, Path path) throws IOException {
      if (asked.incrementAndGet() <= refusals) {
        throw refusal.apply(path);
      }
      SftpFileSystemAccessor.super.createDirectory(subsystem, path);
    }
  }

  @Test
  void anEmptiedFolderThatMayNotBeRemovedDoesNotFailTheDeletion() throws Exception {
    SftpFileSystemAccessor keeping =
        new SftpFileSystemAccessor() {
          @Override
          public void removeFile(SftpSubsystemProxy subsystem, Path path, boolean isDirectory)
              throws IOException {
            if (isDirectory) {
              throw new AccessDeniedException(path.toString());
            }
            SftpFileSystemAccessor.super.removeFile(subsystem, path, false);
          }
        };
    try (SftpServer server = EmbeddedSftpServer.start(EmbeddedSftpServer.withFiles(keeping));
        BackupTarget target = target(server)) {
      target.write(NAME, Pattern.of(1, 1000).content(), WriteOptions.CREATE_ONLY);

      target.delete(NAME);

      assertThat(target.list("")).isEmpty();
      assertThat(server.folder().resolve("backup")).isEmptyDirectory();
    }
  }

  @Test
  void filesAndDirectoriesAreTheOwnersAlone() throws Exception {
    try (SftpServer server = EmbeddedSftpServer.start();
        BackupTarget target = target(server, "/new")) {
      target.write(NAME, Pattern.of(1, 1000).content(), WriteOptions.CREATE_ONLY);

      Path root = server.folder().resolve("new");
      assertThat(mode(root)).isEqualTo("rwx------");
      assertThat(mode(root.resolve("backup"))).isEqualTo("rwx------");
      assertThat(mode(root.resolve("backup/file"))).isEqualTo("rw-------");
    }
  }

  @Test
  void aFileThatIsRefusedOnceIsTheOwnersAloneAllTheSame() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    SftpFileSystemAccessor failing =
        new SftpFileSystemAccessor() {
          @Override
          public SeekableByteChannel openFile(
              SftpSubsystemProxy subsystem,
              FileHandle handle,
              Path file,
              String name,
              Set<? extends OpenOption> options,
              FileAttribute<?>... attributes)
              throws IOException {
            if (asked.getAndIncrement() == 0) {
              throw new IOException();
            }
            return SftpFileSystemAccessor.super.openFile(
                subsystem, handle, file, name, options, attributes);
          }
        };
    try (SftpServer server = EmbeddedSftpServer.start(EmbeddedSftpServer.withFiles(failing));
        BackupTarget target = target(server)) {
      Files.createDirectory(server.folder().resolve("backup"));
      for (String name : List.of("backup/file", "backup/next")) {
        target.write(new ObjectName(name), Pattern.of(1, 1000).content(), WriteOptions.CREATE_ONLY);
        assertThat(mode(server.folder().resolve(name))).isEqualTo("rw-------");
      }
    }
  }

  @Test
  void linksAndForeignNamesAreNeitherListedNorFollowedNorRemoved() throws Exception {
    try (SftpServer server = EmbeddedSftpServer.start();
        BackupTarget target = target(server)) {
      Path outside = Files.createDirectory(scratch.resolve("outside"));
      Files.writeString(outside.resolve("file"), "foreign");
      Files.createSymbolicLink(server.folder().resolve("linked"), outside);
      Files.createSymbolicLink(server.folder().resolve("link"), outside.resolve("file"));
      Files.writeString(server.folder().resolve(".hidden"), "foreign");

      assertThat(target.list("")).isEmpty();
      assertThat(target.stat(new ObjectName("linked/file"))).isEmpty();
      target.delete(new ObjectName("linked/file"));
      target.delete(new ObjectName("link"));
      OnFaultyLine.assertFails(
          Kind.UNSUPPORTED,
          () ->
              target.write(
                  new ObjectName("linked/deeper/file"),
                  Pattern.of(1, 10).content(),
                  WriteOptions.CREATE_ONLY));

      assertThat(outside.resolve("file")).hasContent("foreign");
      assertThat(server.folder().resolve("link")).isSymbolicLink();
    }
  }

  private static String mode(Path path) throws Exception {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  private BackupTarget target(SftpServer server) throws Exception {
    return target(server, server.path());
  }

  private BackupTarget target(SftpServer server, String path) throws Exception {
    return KnownServer.of(server, server.port(), scratch.resolve("known_hosts")).target(path);
  }
}
