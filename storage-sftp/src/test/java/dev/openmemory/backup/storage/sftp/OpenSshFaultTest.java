package dev.openmemory.backup.storage.sftp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.spi.WriteOptions;
import dev.openmemory.backup.storage.sftp.internal.session.Machine;
import dev.openmemory.backup.testconditions.Requires;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A server of OpenSSH that is killed, slow or full, and writers that are killed. */
@Tag("services")
class OpenSshFaultTest extends OnFaultyLine {
  private static final Pattern CONTENT = Pattern.of(1, 24 << 20);
  private static final long HALF = CONTENT.size() / 2;
  private static final SharedServer SERVER = new SharedServer(OpenSshServer::start);

  @Override
  SharedServer shared() {
    return SERVER;
  }

  @Test
  void anUploadGoesOnWhenTheServerIsKilledAndStartedAgain() throws Exception {
    BackupTarget target = target();

    target.write(NAME, CONTENT.stoppingAt(HALF, this::restart, false), WriteOptions.CREATE_ONLY);

    assertHolds(target, CONTENT);
    assertThat(files()).containsExactly(NAME.fileName());
  }

  private void restart() {
    try {
      OpenSshServer server = (OpenSshServer) place().server();
      server.kill();
      server.run();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aSlowLineIsNoSilence() throws Exception {
    Pattern content = Pattern.of(1, 2 << 20);
    line().slowDown(60_000_000);
    BackupTarget target = target(new Machine(), Duration.ofSeconds(4));

    // Takes longer than the time-out.
    target.write(NAME, content.content(), WriteOptions.CREATE_ONLY);

    line().slowDown(0);
    assertHolds(target, content);
  }

  @Test
  void aFullDiskIsNoSpaceAndLeavesNothing() throws Exception {
    Requires.that("root".equals(System.getProperty("user.name")), "mount rights");
    Path disk = Files.createDirectories(place().folder());
    Requires.that(
        run("mount", "-t", "tmpfs", "-o", "size=2m", "none", disk.toString()), "mount rights");
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

  private static boolean run(String... command) throws Exception {
    return new ProcessBuilder(command).inheritIO().start().waitFor() == 0;
  }

  @Test
  void theNextProcessGoesOnWithWhatAKilledOneHasSent() throws Exception {
    KilledWriter.kill(place().known(line().port()), place().path(), NAME, CONTENT, HALF);
    assertThat(files()).hasSize(1);
    Machine real = new Machine();
    BackupTarget target = target(real, KnownServer.TIMEOUT);
    assertThat(target.list("")).isEmpty();
    long before = line().up();

    target.write(NAME, CONTENT.known(), WriteOptions.CREATE_ONLY);

    assertThat(line().up() - before).isLessThan(HALF + real.span() + (3 << 20));
    assertHolds(target, CONTENT);
    assertThat(files()).containsExactly(NAME.fileName());
  }

  @Test
  void whereOneSessionIsAllowedEachCallAtATimeHasAConnection() throws Exception {
    Pattern large = Pattern.of(1, 2 * new Machine().span());
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

  private BackupTarget target(SftpServer server) throws IOException {
    return KnownServer.of(server, server.port(), scratch.resolve("known")).target(server.path());
  }
}
