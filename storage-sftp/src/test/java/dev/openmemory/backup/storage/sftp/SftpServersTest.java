package dev.openmemory.backup.storage.sftp;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import net.schmizz.sshj.SSHClient;
import net.schmizz.sshj.sftp.SFTPClient;
import net.schmizz.sshj.sftp.SFTPEngine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the tests of this module stand on. */
class SftpServersTest {
  @TempDir Path folder;

  @Test
  void theEmbeddedServerOffersItsExtensionsOrNone() throws Exception {
    try (EmbeddedSftpServer modern = EmbeddedSftpServer.start();
        EmbeddedSftpServer old = EmbeddedSftpServer.startWithoutExtensions()) {
      assertThat(offers(modern, "hardlink")).isTrue();
      assertThat(offers(modern, "fsync")).isTrue();
      assertThat(offers(old, "hardlink")).isFalse();
      assertThat(offers(old, "fsync")).isFalse();
    }
  }

  @Test
  void openSshIsKilledAndStartedAgainOnTheSamePort() throws Exception {
    try (OpenSshServer server = OpenSshServer.start()) {
      assertThat(offers(server, "posix-rename")).isTrue();
      server.kill();
      server.run();
      assertThat(offers(server, "posix-rename")).isTrue();
    }
  }

  @Test
  void anUnprivilegedUserWritesToTheFolder() throws Exception {
    try (OpenSshServer server = OpenSshServer.startUnprivileged()) {
      assertThatUserWrites(server);
    }
  }

  @Test
  void aChrootedUserWritesToTheFolder() throws Exception {
    try (OpenSshServer server = OpenSshServer.startChrooted()) {
      assertThatUserWrites(server);
    }
  }

  @Test
  void deniedRequestsAreNotOffered() throws Exception {
    try (OpenSshServer server = OpenSshServer.startDenying("posix-rename,fsync")) {
      assertThat(offers(server, "posix-rename")).isFalse();
      assertThat(offers(server, "hardlink")).isTrue();
    }
  }

  private void assertThatUserWrites(SftpServer server) throws Exception {
    try (SSHClient client = connect(server);
        SFTPClient sftp = client.newSFTPClient()) {
      sftp.mkdir(server.path() + "/new");
    }
    assertThat(Files.isDirectory(server.folder().resolve("new"))).isTrue();
  }

  private boolean offers(SftpServer server, String extension) throws Exception {
    try (SSHClient client = connect(server);
        SFTPEngine engine = new SFTPEngine(client)) {
      return engine.init().supportsServerExtension(extension, "openssh.com");
    }
  }

  private SSHClient connect(SftpServer server) throws Exception {
    return KnownServer.of(server, server.port(), folder.resolve("known_hosts")).connect();
  }
}
