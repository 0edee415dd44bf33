package dev.openmemory.backup.storage.sftp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.ObjectName;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.spi.WriteOptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.sftp.server.SftpFileSystemAccessor;
import org.apache.sshd.sftp.server.SftpSubsystemFactory;
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
    try (OpenSshServer server = OpenSshServer.start("Subsystem other /bin/false");
        BackupTarget target = target(server)) {
      OnFaultyLine.assertFails(Kind.UNSUPPORTED, () -> target.list(""));
    }
  }

  @Test
  void aRefusedRenameAndLinkLeaveNothing() throws Exception {
    try (OpenSshServer server = OpenSshServer.startDenying("rename,posix-rename,hardlink");
        BackupTarget target = target(server)) {
      BackupException failure =
          OnFaultyLine.assertFails(
              Kind.DENIED,
              () -> target.write(NAME, Pattern.of(1, 1000).content(), WriteOptions.CREATE_ONLY));
      assertThat(failure).hasMessageContaining(server.path() + "/backup/file");
      assertThat(server.folder()).isEmptyDirectory();
    }
  }

  @Test
  void whereOneSessionIsAllowedEachCallAtATimeHasAConnection() throws Exception {
    Pattern large = Pattern.of(1, 2 * SftpInputStream.AHEAD);
    try (OpenSshServer server = OpenSshServer.start("MaxSessions 1");
        BackupTarget target = target(server)) {
      target.write(NAME, large.content(), WriteOptions.CREATE_ONLY);
      assertThat(logins(server)).isOne();

      try (InputStream first = target.read(NAME, 0);
          InputStream second = target.read(NAME, 0)) {
        assertThat(target.list("")).hasSize(1);
        large.check(first, 0);
        large.check(second, 0);
      }

      assertThat(target.stat(NAME)).isPresent();
      assertThat(logins(server)).isEqualTo(3);
    }
  }

  private static long logins(OpenSshServer server) throws IOException {
    try (Stream<String> lines = Files.lines(server.log())) {
      return lines.filter(line -> line.startsWith("Accepted publickey")).count();
    }
  }

  @Test
  void withoutPosixRenameReplacingIsUnsupportedAndTheTraitsSaySo() throws Exception {
    try (OpenSshServer server = OpenSshServer.startDenying("posix-rename");
        BackupTarget target = target(server)) {
      assertThat(target.traits().atomicReplace()).isFalse();
      assertThat(target.traits().exclusiveCreate()).isTrue();
    }
  }

  @Test
  void aDirectoryOfSomebodyElseIsDeniedWithItsPath() throws Exception {
    try (OpenSshServer server = OpenSshServer.startUnprivileged();
        BackupTarget target = target(server, "/")) {
      BackupException failure =
          OnFaultyLine.assertFails(
              Kind.DENIED,
              () ->
                  target.write(
                      new ObjectName("file"),
                      Pattern.of(1, 1000).content(),
                      WriteOptions.CREATE_ONLY));
      assertThat(failure).hasMessageContaining("/file");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aDirectoryThatIsMadeAndRemovedBySomebodyElseMeanwhileIsMade(boolean told) throws Exception {
    DirectoryMaking busy =
        new DirectoryMaking(
            3, path -> told ? new FileAlreadyExistsException(path.toString()) : new IOException());
    try (SftpServer server = EmbeddedSftpServer.start(busy::setUp);
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
    try (SftpServer server = EmbeddedSftpServer.start(making::setUp);
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

    void setUp(SshServer server) {
      server.setSubsystemFactories(
          List.of(new SftpSubsystemFactory.Builder().withFileSystemAccessor(this).build()));
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
  void filesAndDirectoriesAreTheOwnersAlone() throws Exception {
    try (OpenSshServer server = OpenSshServer.start();
        BackupTarget target = target(server, server.path() + "/new")) {
      target.write(NAME, Pattern.of(1, 1000).content(), WriteOptions.CREATE_ONLY);

      Path root = server.folder().resolve("new");
      assertThat(mode(root)).isEqualTo("rwx------");
      assertThat(mode(root.resolve("backup"))).isEqualTo("rwx------");
      assertThat(mode(root.resolve("backup/file"))).isEqualTo("rw-------");
    }
  }

  @Test
  void linksAndForeignNamesAreNeitherListedNorFollowedNorRemoved() throws Exception {
    try (OpenSshServer server = OpenSshServer.start();
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
