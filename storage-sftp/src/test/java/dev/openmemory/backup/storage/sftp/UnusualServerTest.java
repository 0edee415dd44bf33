package dev.openmemory.backup.storage.sftp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.ObjectName;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.spi.ObjectInfo;
import dev.openmemory.backup.spi.ReportsSpace;
import dev.openmemory.backup.spi.SweepsLeftovers;
import dev.openmemory.backup.spi.WriteOptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.CopyOption;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.sshd.core.CoreModuleProperties;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.sftp.common.SftpConstants;
import org.apache.sshd.sftp.server.FileHandle;
import org.apache.sshd.sftp.server.SftpFileSystemAccessor;
import org.apache.sshd.sftp.server.SftpSubsystemProxy;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers that keep files and answer otherwise than OpenSSH does. */
class UnusualServerTest {
  private static final ObjectName NAME = new ObjectName("backup/file");
  private static final Pattern CONTENT = Pattern.of(1, 100_000);
  private static final Instant TIME = Instant.parse("2023-12-15T14:30:22Z");

  private static final String ALL =
      Stream.of("statvfs", "fsync", "hardlink", "posix-rename", "limits")
          .map(name -> name + "@openssh.com=1")
          .collect(Collectors.joining(","));

  @TempDir Path scratch;

  private interface Use {
    void of(EmbeddedSftpServer server, BackupTarget target) throws Exception;
  }

  private void with(Consumer<SshServer> setup, Use use) throws Exception {
    try (EmbeddedSftpServer server = EmbeddedSftpServer.start(setup);
        BackupTarget target = known(server).target("/new/root")) {
      use.of(server, target);
    }
  }

  private KnownServer known(SftpServer server) throws IOException {
    return KnownServer.of(server, server.port(), scratch.resolve("known_hosts"));
  }

  private static void assertKeepsFiles(BackupTarget target) throws IOException {
    assertThat(target.list("")).isEmpty();
    assertThat(target.stat(NAME)).isEmpty();
    target.write(NAME, CONTENT.known(), WriteOptions.CREATE_ONLY.withModified(TIME));
    OnFaultyLine.assertFails(
        Kind.ALREADY_EXISTS, () -> target.write(NAME, CONTENT.content(), WriteOptions.CREATE_ONLY));
    assertThat(target.list("")).extracting(ObjectInfo::name).containsExactly(NAME);
    assertThat(target.stat(NAME).orElseThrow().size()).isEqualTo(CONTENT.size());
    try (InputStream in = target.read(NAME, 0)) {
      CONTENT.check(in, 0);
    }
    assertThat(((SweepsLeftovers) target).sweepLeftovers()).isEmpty();
    target.delete(NAME);
    assertThat(target.list("")).isEmpty();
  }

  @Test
  void aLinkThatTheServerOnlySaysItHasMadeIsARename() throws Exception {
    SftpFileSystemAccessor lying =
        new SftpFileSystemAccessor() {
          @Override
          public void createLink(
              SftpSubsystemProxy subsystem, Path link, Path existing, boolean symbolic) {}
        };
    with(EmbeddedSftpServer.withFiles(lying), (server, target) -> assertKeepsFiles(target));
  }

  @Test
  void aNameThatIsTakenMeanwhileIsNotTakenForALinkThatWasNotMade() throws Exception {
    SftpFileSystemAccessor lying =
        new SftpFileSystemAccessor() {
          @Override
          public void createLink(
              SftpSubsystemProxy subsystem, Path link, Path existing, boolean symbolic) {}
        };
    with(
        EmbeddedSftpServer.withFiles(lying),
        (server, target) ->
            OnFaultyLine.assertFails(
                Kind.ALREADY_EXISTS,
                () ->
                    target.write(
                        NAME,
                        CONTENT.stoppingAt(
                            10,
                            () ->
                                Files.writeString(
                                    server.folder().resolve("new/root/backup/file"), "faster"),
                            false),
                        WriteOptions.CREATE_ONLY)));
  }

  @Test
  @Tag("services")
  void rcloneKeepsFiles() throws Exception {
    try (SftpServer server = ProgramServer.rclone();
        BackupTarget target = known(server).target("/new/root")) {
      assertKeepsFiles(target);
      target.write(NAME, CONTENT.content(), WriteOptions.REPLACE);
      assertThat(((ReportsSpace) target).usableBytes()).isPositive();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aRenameThatTheServerOnlySaysItHasMadeIsAFailure(boolean replace) throws Exception {
    SftpFileSystemAccessor lying =
        new SftpFileSystemAccessor() {
          @Override
          public void createLink(
              SftpSubsystemProxy subsystem, Path link, Path existing, boolean symbolic) {}

          @Override
          public void renameFile(
              SftpSubsystemProxy subsystem, Path from, Path to, Collection<CopyOption> options) {}
        };
    WriteOptions how = replace ? WriteOptions.REPLACE : WriteOptions.CREATE_ONLY;
    with(
        EmbeddedSftpServer.withFiles(lying),
        (server, target) -> {
          assertThat(
                  OnFaultyLine.assertFails(
                      Kind.FAILED, () -> target.write(NAME, CONTENT.content(), how)))
              .hasMessageContaining("the file is not there");
          assertThat(server.folder().resolve("new/root")).isEmptyDirectory();
        });
  }

  /** What a server without links does after it has moved a file to its name. */
  private interface Afterwards {
    void change(Path file) throws IOException;
  }

  private static Consumer<SshServer> afterRenames(Afterwards afterwards) {
    return EmbeddedSftpServer.withFiles(
        new SftpFileSystemAccessor() {
          @Override
          public void createLink(
              SftpSubsystemProxy subsystem, Path link, Path existing, boolean symbolic) {}

          @Override
          public void renameFile(
              SftpSubsystemProxy subsystem, Path from, Path to, Collection<CopyOption> options)
              throws IOException {
            SftpFileSystemAccessor.super.renameFile(subsystem, from, to, options);
            if (to.endsWith("file")) {
              afterwards.change(to);
            }
          }
        });
  }

  @Test
  void aNewFileThatLosesBytesWhenItIsRenamedIsAFailureAndNothingStays() throws Exception {
    Afterwards losing =
        file -> {
          FileTime time = Files.getLastModifiedTime(file);
          Files.writeString(file, "rest");
          Files.setLastModifiedTime(file, time);
        };
    with(
        afterRenames(losing),
        (server, target) -> {
          assertThat(
                  OnFaultyLine.assertFails(
                      Kind.FAILED,
                      () -> target.write(NAME, CONTENT.content(), WriteOptions.CREATE_ONLY)))
              .hasMessageContaining("the file has 4 bytes");
          assertThat(server.folder().resolve("new/root/backup")).isEmptyDirectory();
        });
  }

  @Test
  void aFileThatAnotherWriterHasMovedOverANewOneStays() throws Exception {
    Afterwards replacing =
        file -> {
          Files.writeString(file, "faster");
          Files.setLastModifiedTime(file, FileTime.from(TIME));
        };
    with(
        afterRenames(replacing),
        (server, target) -> {
          OnFaultyLine.assertFails(
              Kind.FAILED, () -> target.write(NAME, CONTENT.content(), WriteOptions.CREATE_ONLY));
          assertThat(server.folder().resolve("new/root/backup/file")).hasContent("faster");
        });
  }

  @Test
  void aReplacedFileThatAnotherWriterReplacesAtOnceIsReplaced() throws Exception {
    with(
        afterRenames(file -> Files.write(file, new byte[(int) CONTENT.size() + 1])),
        (server, target) -> {
          assertThat(target.write(NAME, CONTENT.content(), WriteOptions.REPLACE).size())
              .isEqualTo(CONTENT.size());
          assertThat(server.folder().resolve("new/root/backup/file")).hasSize(CONTENT.size() + 1);
        });
    with(
        afterRenames(file -> Files.writeString(file, "rest")),
        (server, target) ->
            OnFaultyLine.assertFails(
                Kind.FAILED, () -> target.write(NAME, CONTENT.content(), WriteOptions.REPLACE)));
  }

  @ParameterizedTest(name = "{0} answers {1}")
  @CsvSource({
    "statvfs@openssh.com, 8",
    "statvfs@openssh.com, 4",
    "fsync@openssh.com, 8",
    "fsync@openssh.com, 4",
    "hardlink@openssh.com, 8",
    "limits@openssh.com, 8",
    "limits@openssh.com, 4"
  })
  void anExtensionThatIsAnnouncedAndNotDoneIsDoneWithout(String extension, int status)
      throws Exception {
    with(
        Answers.refusing(SftpConstants.SSH_FXP_EXTENDED, extension, status)
            .andThen(EmbeddedSftpServer.withExtensions(ALL)),
        (server, target) -> {
          assertKeepsFiles(target);
          assertThat(((ReportsSpace) target).usableBytes()).isPositive();
        });
  }

  @ParameterizedTest(name = "status {0}")
  @ValueSource(ints = {SftpConstants.SSH_FX_FAILURE, SftpConstants.SSH_FX_PERMISSION_DENIED})
  void timesThatAreRefusedAreLeftAsTheyAre(int status) throws Exception {
    with(
        Answers.with(
            request ->
                request.isOf(SftpConstants.SSH_FXP_FSETSTAT, SftpConstants.SSH_FXP_SETSTAT)
                    ? status
                    : Answers.AS_EVER),
        (server, target) -> {
          assertKeepsFiles(target);
          ObjectInfo written =
              target.write(NAME, CONTENT.content(), WriteOptions.CREATE_ONLY.withModified(TIME));
          assertThat(written.modified()).isAfter(TIME);
          assertThat(target.stat(NAME)).contains(written);
        });
  }

  @Test
  void aTimeThatIsRefusedForAnOpenFileIsSetByItsPath() throws Exception {
    with(
        Answers.refusing(SftpConstants.SSH_FXP_FSETSTAT, "", SftpConstants.SSH_FX_OP_UNSUPPORTED),
        (server, target) ->
            assertThat(
                    target
                        .write(NAME, CONTENT.content(), WriteOptions.CREATE_ONLY.withModified(TIME))
                        .modified())
                .isEqualTo(TIME));
  }

  @Test
  void aFileThatIsNotKnownWhileItIsOpenIsLookedAtByItsPath() throws Exception {
    with(
        Answers.refusing(SftpConstants.SSH_FXP_FSTAT, "", SftpConstants.SSH_FX_FAILURE),
        (server, target) ->
            assertThat(target.write(NAME, CONTENT.content(), WriteOptions.CREATE_ONLY).size())
                .isEqualTo(CONTENT.size()));
  }

  @Test
  void permissionsThatAreRefusedAreLeftAsTheyAre() throws Exception {
    SftpFileSystemAccessor refusing =
        new SftpFileSystemAccessor() {
          @Override
          public void setFilePermissions(
              SftpSubsystemProxy subsystem,
              Path file,
              Set<PosixFilePermission> permissions,
              LinkOption... options)
              throws IOException {
            throw new AccessDeniedException(file.toString());
          }
        };
    with(EmbeddedSftpServer.withFiles(refusing), (server, target) -> assertKeepsFiles(target));
  }

  @Test
  void aPlainFailureForWhatIsInAMissingDirectoryMeansThatItIsMissing() throws Exception {
    with(
        Answers.with(
            request ->
                request.isOf(
                            SftpConstants.SSH_FXP_LSTAT,
                            SftpConstants.SSH_FXP_OPEN,
                            SftpConstants.SSH_FXP_OPENDIR,
                            SftpConstants.SSH_FXP_MKDIR)
                        && request.isMissing(request.parent())
                    ? SftpConstants.SSH_FX_FAILURE
                    : Answers.AS_EVER),
        (server, target) -> assertKeepsFiles(target));
  }

  @Test
  void aDirectoryThatIsOpenedAndIsNotThereIsMissing() throws Exception {
    with(
        Answers.with(
            request -> {
              if (request.isOf(SftpConstants.SSH_FXP_OPENDIR)
                  && request.isMissing(request.subject())) {
                return Answers.OPENED;
              }
              boolean opened = request.subject().startsWith("/");
              if (request.isOf(SftpConstants.SSH_FXP_READDIR) && opened) {
                return SftpConstants.SSH_FX_NO_SUCH_FILE;
              }
              return request.isOf(SftpConstants.SSH_FXP_CLOSE) && opened
                  ? SftpConstants.SSH_FX_OK
                  : Answers.AS_EVER;
            }),
        (server, target) -> assertKeepsFiles(target));
  }

  @Test
  void attributesWithoutATypeAreFilesAndDirectories() throws Exception {
    SftpFileSystemAccessor silent =
        new SftpFileSystemAccessor() {
          @Override
          public NavigableMap<String, Object> resolveReportedFileAttributes(
              SftpSubsystemProxy subsystem,
              Path file,
              int flags,
              NavigableMap<String, Object> attributes,
              LinkOption... options) {
            NavigableMap<String, Object> told = new TreeMap<>(attributes);
            told.remove("permissions");
            return told;
          }
        };
    with(
        EmbeddedSftpServer.withFiles(silent),
        (server, target) -> {
          assertKeepsFiles(target);
          Files.createDirectories(server.folder().resolve("new/root/foreign/deeper"));
          assertThat(target.list("")).isEmpty();
        });
  }

  @Test
  void aSmallWindowIsNoSilence() throws Exception {
    with(
        server -> CoreModuleProperties.WINDOW_SIZE.set(server, 24L << 10),
        (server, target) -> assertKeepsFiles(target));
  }

  @Test
  void aFileThatMayBeOpenOnceIsSentOverOneSession() throws Exception {
    OpenOnce once = new OpenOnce();
    TestMachine machine = new TestMachine();
    try (EmbeddedSftpServer server =
            EmbeddedSftpServer.start(
                EmbeddedSftpServer.withFiles(once)
                    .andThen(sshd -> CoreModuleProperties.WINDOW_SIZE.set(sshd, 64L << 10)));
        BackupTarget target = known(server).target("/", 4, KnownServer.TIMEOUT, machine)) {
      // Each confirmation takes as long as on a long line.
      machine.leap(Duration.ofMillis(5));
      for (int file = 0; file < 12; file++) {
        target.write(
            new ObjectName("backup/" + file),
            Pattern.of(file, 1 << 20).content(),
            WriteOptions.CREATE_ONLY);
      }
      assertThat(once.refusals()).isOne();
      assertThat(target.list("")).hasSize(12);
    }
  }

  /** A server that refuses to open what is open. */
  private static final class OpenOnce implements SftpFileSystemAccessor {
    private final Set<String> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger refusals = new AtomicInteger();

    int refusals() {
      return refusals.get();
    }

    @Override
    public SeekableByteChannel openFile(
        SftpSubsystemProxy subsystem,
        FileHandle handle,
        Path file,
        String name,
        Set<? extends OpenOption> options,
        FileAttribute<?>... attributes)
        throws IOException {
      if (!open.add(file.toString())) {
        refusals.incrementAndGet();
        throw new AccessDeniedException(file.toString());
      }
      try {
        return SftpFileSystemAccessor.super.openFile(
            subsystem, handle, file, name, options, attributes);
      } catch (IOException | UnsupportedOperationException e) {
        open.remove(file.toString());
        throw e;
      }
    }

    @Override
    public void closeFile(
        SftpSubsystemProxy subsystem,
        FileHandle handle,
        Path file,
        String name,
        Channel channel,
        Set<? extends OpenOption> options)
        throws IOException {
      open.remove(file.toString());
      SftpFileSystemAccessor.super.closeFile(subsystem, handle, file, name, channel, options);
    }
  }
}
