package dev.openmemory.backup.storage.sftp;

import dev.openmemory.backup.testconditions.Requires;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.List;
import java.util.stream.Stream;
import org.apache.sshd.common.config.keys.PublicKeyEntry;

/** {@code rclone serve sftp}, which says that it makes links and makes none. */
final class RcloneServer implements SftpServer {
  private final ServerFolder files;
  private final Path data;
  private final KeyPair hostKey = EmbeddedSftpServer.newKey("EC", 256);
  private final int port;
  private final Process process;

  private RcloneServer(ServerFolder files) throws Exception {
    this.files = files;
    this.data = files.folder("data");
    this.port = OpenSshServer.freePort();
    KeyPair user = EmbeddedSftpServer.newKey("EC", 256);
    SshUser.chmod(
        Files.writeString(files.path().resolve("identity"), EmbeddedSftpServer.text(user, null)),
        "600");
    Path authorized =
        Files.writeString(
            files.path().resolve("authorized"), PublicKeyEntry.toString(user.getPublic()) + "\n");
    Path key =
        Files.writeString(files.path().resolve("host"), EmbeddedSftpServer.text(hostKey, null));
    this.process =
        OpenSshServer.leash(
                List.of(
                    "rclone",
                    "serve",
                    "sftp",
                    data.toString(),
                    "--addr=" + HOST + ":" + port,
                    "--key=" + key,
                    "--authorized-keys=" + authorized,
                    "--config=/dev/null"))
            .redirectErrorStream(true)
            .redirectOutput(files.path().resolve("log").toFile())
            .start();
  }

  static RcloneServer start() throws Exception {
    String path = System.getenv().getOrDefault("PATH", "");
    Requires.that(
        Stream.of(path.split(":")).anyMatch(p -> Files.isExecutable(Path.of(p, "rclone"))),
        "rclone");
    RcloneServer server = new RcloneServer(ServerFolder.create());
    OpenSshServer.awaitPort(server.process, server.port, server.files.path().resolve("log"));
    return server;
  }

  @Override
  public int port() {
    return port;
  }

  @Override
  public String user() {
    return "me";
  }

  @Override
  public Path identity() {
    return files.path().resolve("identity");
  }

  @Override
  public String hostKey() {
    return PublicKeyEntry.toString(hostKey.getPublic());
  }

  @Override
  public String path() {
    return "/";
  }

  @Override
  public Path folder() {
    return data;
  }

  @Override
  public void close() throws IOException {
    try (files) {
      process.getOutputStream().close();
      process.onExit().join();
    }
  }
}
