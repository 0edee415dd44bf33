package dev.openmemory.backup.storage.sftp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.spi.WriteOptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.sshd.sftp.common.SftpConstants;
import org.apache.sshd.sftp.common.SftpException;
import org.apache.sshd.sftp.server.FileHandle;
import org.apache.sshd.sftp.server.SftpFileSystemAccessor;
import org.apache.sshd.sftp.server.SftpSubsystemProxy;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Servers that go away, freeze, are full, or are others. */
class SftpFaultTest extends OnFaultyLine {
  private static final Pattern CONTENT = Pattern.of(1, 1 << 20);
  private static final long HALF = CONTENT.size() / 2;

  @Test
  void anUploadWaitsForAServerThatComesBackAndLongerEachTime() throws Exception {
    FaultyLine line = line();
    BackupTarget target = target();
    machine.whileAsleep(() -> line.refuse(machine.sleeps().size() < 3));

    target.write(
        NAME, CONTENT.stoppingAt(HALF, () -> goAway(line), false), WriteOptions.CREATE_ONLY);

    assertHolds(target, CONTENT);
    assertThat(files()).containsExactly(NAME.fileName());
    assertThat(machine.sleeps())
        .containsExactly(Duration.ofMillis(100), Duration.ofMillis(200), Duration.ofMillis(400));
  }

  @Test
  void anUploadEndsWhenTheServerStaysAwayForTwiceTheTimeout() throws Exception {
    FaultyLine line = line();
    BackupTarget target = target();

    assertFails(
        Kind.UNAVAILABLE,
        () ->
            target.write(
                NAME,
                CONTENT.stoppingAt(HALF, () -> goAway(line), false),
                WriteOptions.CREATE_ONLY));

    Duration slept = machine.sleeps().stream().reduce(Duration.ZERO, Duration::plus);
    Duration timeout = KnownServer.TIMEOUT.multipliedBy(2);
    assertThat(slept).isBetween(timeout.minusSeconds(5), timeout.plusSeconds(5));
    line.refuse(false);
    assertThat(target.list("")).isEmpty();
    assertThat(target.stat(NAME)).isEmpty();
  }

  private static void goAway(FaultyLine line) {
    line.refuse(true);
    line.cut();
  }

  @Test
  void aFrozenServerEndsReadsAndListsWithATimeoutAndWritesAfterAWhile() throws Exception {
    FaultyLine line = line();
    BackupTarget target = target();
    target.write(NAME, CONTENT.content(), WriteOptions.CREATE_ONLY);
    try (InputStream in = target.read(NAME, 0)) {
      freeze(line, true);
      assertFails(Kind.TIMEOUT, in::readAllBytes);
    }
    freeze(line, false);
    target.list("");
    freeze(line, true);
    assertFails(Kind.TIMEOUT, () -> target.list(""));
    freeze(line, false);
    assertThat(target.list("")).hasSize(1);

    Pattern.Stop freezing =
        () -> {
          line.refuse(true);
          freeze(line, true);
        };
    BackupException failure =
        catchThrowableOfType(
            BackupException.class,
            () ->
                target.write(
                    NAME, CONTENT.stoppingAt(HALF, freezing, false), WriteOptions.REPLACE));

    assertThat(failure.kind()).isIn(Kind.TIMEOUT, Kind.UNAVAILABLE);
    assertThat(failure.fact()).isNotBlank();
    freeze(line, false);
    line.refuse(false);
    assertHolds(target(), CONTENT);
  }

  private void freeze(FaultyLine line, boolean now) {
    line.stall(now);
    machine.leap(now ? KnownServer.TIMEOUT : Duration.ZERO);
  }

  @Test
  void anInterruptEndsAWriteToAFrozenServer() throws Exception {
    FaultyLine line = line();
    BackupTarget target = target();
    CountDownLatch frozen = new CountDownLatch(1);
    Pattern.Stop freezing =
        () -> {
          line.stall(true);
          frozen.countDown();
        };
    AtomicReference<@Nullable Throwable> thrown = new AtomicReference<>();
    Thread writer =
        new Thread(
            () -> {
              try {
                target.write(
                    NAME, CONTENT.stoppingAt(HALF, freezing, false), WriteOptions.CREATE_ONLY);
              } catch (Exception e) {
                thrown.set(Thread.currentThread().isInterrupted() ? e : null);
              }
            });
    writer.start();
    assertThat(frozen.await(KnownServer.TIMEOUT.toSeconds(), TimeUnit.SECONDS)).isTrue();
    writer.interrupt();
    // It may try to tidy up, and not for long.
    machine.leap(Duration.ofSeconds(3));
    writer.join(KnownServer.TIMEOUT.toMillis());

    assertThat(writer.isAlive()).isFalse();
    assertThat(thrown.get())
        .isInstanceOfSatisfying(
            BackupException.class, e -> assertThat(e.kind()).isEqualTo(Kind.CANCELLED));
    line.stall(false);
    assertThat(target().list("")).isEmpty();
  }

  @Test
  void anotherHostKeyEndsAWriteInsteadOfBeingTried() throws Exception {
    FaultyLine line = line();
    BackupTarget target = target();
    try (EmbeddedSftpServer other =
        EmbeddedSftpServer.start(
            EmbeddedSftpServer.withHostKeys(EmbeddedSftpServer.newKey("EC", 256)))) {
      Pattern.Stop change =
          () -> {
            line.leadTo(other.port());
            line.cut();
          };

      BackupException failure =
          assertFails(
              Kind.DENIED,
              () ->
                  target.write(
                      NAME, CONTENT.stoppingAt(HALF, change, false), WriteOptions.CREATE_ONLY));

      assertThat(failure).hasMessageContaining("the host key has changed");
      assertThat(machine.sleeps()).hasSize(1);
    }
  }

  @Test
  void aDiskThatIsFoundFullIsNoSpaceAndLeavesNothing() throws Exception {
    assertForcingFails(
        Kind.NO_SPACE,
        file -> {
          throw new SftpException(SftpConstants.SSH_FX_NO_SPACE_ON_FILESYSTEM, "full");
        });
  }

  @Test
  void aFirstFileThatIsNotForcedForAReasonThatTheServerDoesNotNameIsAFailure() throws Exception {
    assertForcingFails(
        Kind.FAILED,
        file -> {
          if (Files.size(file) > 0) {
            throw new IOException("as a disk with errors");
          }
        });
  }

  private interface Forcing {
    void of(Path file) throws IOException;
  }

  private void assertForcingFails(Kind kind, Forcing forcing) throws Exception {
    SftpFileSystemAccessor accessor =
        new SftpFileSystemAccessor() {
          @Override
          public void syncFileData(
              SftpSubsystemProxy subsystem,
              FileHandle handle,
              Path file,
              String name,
              Channel channel)
              throws IOException {
            forcing.of(file);
          }
        };
    try (EmbeddedSftpServer server =
        EmbeddedSftpServer.start(EmbeddedSftpServer.withFiles(accessor))) {
      BackupTarget target =
          closed(KnownServer.of(server, server.port(), scratch.resolve("known")).target("/root"));

      assertFails(kind, () -> target.write(NAME, CONTENT.known(), WriteOptions.CREATE_ONLY));

      assertThat(server.folder().resolve("root")).isEmptyDirectory();
    }
  }
}
