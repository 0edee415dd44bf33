package dev.openmemory.backup.storage.sftp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.spi.WriteOptions;
import dev.openmemory.backup.testconditions.Requires;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Servers that die, freeze, are full, or refuse. */
@Tag("long")
class SftpServerFaultTest extends OnFaultyLine {
  private @Nullable OpenSshServer own;

  @Override
  SftpServer server() throws Exception {
    OpenSshServer server = own;
    if (server == null) {
      server = OpenSshServer.start();
      own = server;
    }
    return server;
  }

  @AfterEach
  void stop() throws Exception {
    if (own != null) {
      own.close();
    }
  }

  @Test
  void anUploadGoesOnWhenTheServerIsKilledAndStartedAgain() throws Exception {
    OpenSshServer server = (OpenSshServer) server();
    Pattern content = Pattern.of(1, 24 << 20);
    BackupTarget target = target();

    target.write(
        NAME, content.stoppingAt(12 << 20, () -> restart(server), false), WriteOptions.CREATE_ONLY);

    assertHolds(target, content);
    assertThat(files()).containsExactly(NAME.fileName());
  }

  @Test
  void anUploadEndsWhenTheServerStaysAway() throws Exception {
    OpenSshServer server = (OpenSshServer) server();
    Pattern content = Pattern.of(1, 24 << 20);
    BackupTarget target = target();

    assertFails(
        Kind.UNAVAILABLE,
        () ->
            target.write(
                NAME, content.stoppingAt(12 << 20, server::kill, false), WriteOptions.CREATE_ONLY));

    server.run();
    assertThat(target.list("")).isEmpty();
    assertThat(target().stat(NAME)).isEmpty();
  }

  @Test
  void aFrozenServerEndsWritesReadsAndListsWithATimeout() throws Exception {
    Pattern content = Pattern.of(1, 24 << 20);
    BackupTarget target = target();
    target.write(NAME, content.content(), WriteOptions.CREATE_ONLY);
    try (InputStream in = target.read(NAME, 0)) {
      line().stall(true);
      assertFails(Kind.TIMEOUT, in::readAllBytes);
    }
    line().stall(false);
    target.list("");
    line().stall(true);
    assertFails(Kind.TIMEOUT, () -> target.list(""));
    line().stall(false);

    assertThat(target.list("")).hasSize(1);
    BackupException failure =
        assertFails(
            Kind.UNAVAILABLE,
            () ->
                target.write(
                    NAME,
                    content.stoppingAt(8 << 20, this::freezeForGood, false),
                    WriteOptions.REPLACE));

    assertThat(failure.fact()).isNotBlank();
    line().stall(false);
    line().refuse(false);
    assertHolds(target(), content);
  }

  private void freezeForGood() {
    try {
      line().stall(true);
      line().refuse(true);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void anInterruptEndsAWriteToAFrozenServer() throws Exception {
    Pattern content = Pattern.of(1, 24 << 20);
    BackupTarget target = target(KnownServer.TIMEOUT, 1);
    AtomicReference<@Nullable Throwable> thrown = new AtomicReference<>();
    Thread writer =
        new Thread(
            () -> {
              try {
                target.write(
                    NAME,
                    content.stoppingAt(8 << 20, this::stall, false),
                    WriteOptions.CREATE_ONLY);
              } catch (Exception e) {
                thrown.set(Thread.currentThread().isInterrupted() ? e : null);
              }
            });
    writer.start();
    while (!isStalled) {
      Thread.sleep(10);
    }
    writer.interrupt();
    writer.join(KnownServer.TIMEOUT.toMillis());

    assertThat(writer.isAlive()).isFalse();
    assertThat(thrown.get())
        .isInstanceOfSatisfying(
            BackupException.class, e -> assertThat(e.kind()).isEqualTo(Kind.CANCELLED));
    line().stall(false);
    assertThat(target().list("")).isEmpty();
  }

  private volatile boolean isStalled;

  private void stall() {
    try {
      line().stall(true);
      isStalled = true;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aSlowLineIsNoSilence() throws Exception {
    Pattern content = Pattern.of(1, 2 << 20);
    line().slowDown(60_000_000);
    BackupTarget target = target();

    // Takes longer than the time-out.
    target.write(NAME, content.content(), WriteOptions.CREATE_ONLY);

    line().slowDown(0);
    assertHolds(target, content);
  }

  @Test
  void anotherHostKeyEndsAWriteInsteadOfBeingTried() throws Exception {
    OpenSshServer server = (OpenSshServer) server();
    Pattern content = Pattern.of(1, 24 << 20);
    BackupTarget target = target();

    BackupException failure =
        assertFails(
            Kind.UNAVAILABLE,
            () ->
                target.write(
                    NAME,
                    content.stoppingAt(12 << 20, () -> replaceKey(server), false),
                    WriteOptions.CREATE_ONLY));

    assertThat(failure).hasMessageContaining("key");
  }

  @Test
  void aFullDiskIsNoSpaceAndLeavesNothing() throws Exception {
    Requires.that("root".equals(System.getProperty("user.name")), "mount rights");
    Path disk = Files.createDirectories(folder());
    mount(disk);
    try {
      BackupTarget target = target();
      BackupException failure =
          assertFails(
              Kind.NO_SPACE,
              () -> target.write(NAME, Pattern.of(1, 8 << 20).known(), WriteOptions.CREATE_ONLY));

      assertThat(failure.fact()).contains("bytes and").contains("are free");
      assertThat(files()).isEmpty();
      assertThat(target.list("")).isEmpty();
    } finally {
      // Whatever a session of the server may still have open.
      assertThat(run("umount", "--lazy", disk.toString())).isTrue();
    }
  }

  private static void mount(Path disk) throws Exception {
    Requires.that(
        run("mount", "-t", "tmpfs", "-o", "size=2m", "none", disk.toString()), "mount rights");
  }

  private static boolean run(String... command) throws Exception {
    return new ProcessBuilder(command).inheritIO().start().waitFor() == 0;
  }

  private static void restart(OpenSshServer server) {
    try {
      server.kill();
      server.run();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static void replaceKey(OpenSshServer server) {
    try {
      server.kill();
      server.changeHostKey();
      server.run();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
