package dev.openmemory.backup.storage.sftp;

import dev.openmemory.backup.ObjectName;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.spi.ProviderOptions;
import dev.openmemory.backup.testkit.BackupTargetContract;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;

/** What every target must do, on a server with SFTP: a path of its own for each test. */
abstract class SftpTargetContract extends BackupTargetContract {
  @TempDir Path scratch;

  private @Nullable String path;

  /** The server, the same for all tests of the class. */
  abstract SharedServer server();

  @Override
  protected final BackupTarget open() throws Exception {
    KnownServer known = known();
    Path nothing = scratch.resolve("ssh_config");
    if (Files.notExists(nothing)) {
      Files.createFile(nothing);
    }
    Map<String, String> options =
        Map.of(
            "identity-file", known.identity().toString(),
            "known-hosts", known.knownHosts().toString(),
            "ssh-config", nothing.toString());
    URI location =
        URI.create("sftp://" + known.user() + "@" + SftpServer.HOST + ":" + known.port() + path());
    return new SftpBackupTargetProvider().open(location, new ProviderOptions("sftp", options));
  }

  @Override
  protected final boolean dieWhileWriting(ObjectName name) throws Exception {
    DyingWriter.die(known(), path(), name);
    return true;
  }

  private KnownServer known() throws Exception {
    SftpServer server = server().get();
    return KnownServer.of(server, server.port(), scratch.resolve("known_hosts"));
  }

  private String path() throws Exception {
    if (path == null) {
      String parent = server().get().path();
      path = (parent.endsWith("/") ? parent : parent + "/") + server().newPath();
    }
    return path;
  }
}
