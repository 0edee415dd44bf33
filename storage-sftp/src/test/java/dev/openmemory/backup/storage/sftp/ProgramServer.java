package dev.openmemory.backup.storage.sftp;

import dev.openmemory.backup.testconditions.Requires;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.sshd.common.config.keys.PublicKeyEntry;

/** A server that is neither OpenSSH nor of this JVM, as a process that ends with this JVM. */
final class ProgramServer implements SftpServer {
  private static final String PYTHON = System.getenv().getOrDefault("ASYNCSSH_PYTHON", "python3");

  private final ServerFolder files;
  private final Path data;
  private final KeyPair hostKey = EmbeddedSftpServer.newKey("EC", 256);
  private final KeyPair identity = EmbeddedSftpServer.newKey("EC", 256);
  private final int port;
  private final Process process;
  private final String path;

  /** Makes the command line for the server. */
  private interface Program {
    List<String> command(ProgramServer server) throws IOException;
  }

  private ProgramServer(ServerFolder files, boolean confined, Program program) throws Exception {
    this.files = files;
    this.data = files.folder("data");
    this.path = confined ? "/" : data.toString();
    this.port = OpenSshServer.freePort();
    write("identity", EmbeddedSftpServer.text(identity, null));
    write("host", EmbeddedSftpServer.text(hostKey, null));
    write("authorized", PublicKeyEntry.toString(identity.getPublic()) + "\n");
    this.process =
        OpenSshServer.leash(program.command(this))
            .redirectErrorStream(true)
            .redirectOutput(file("log").toFile())
            .start();
  }

  /** {@code rclone serve sftp}, which says that it makes links and makes none. */
  static ProgramServer rclone() throws Exception {
    Requires.that(program("rclone").isPresent(), "rclone");
    return start(
        true,
        server ->
            List.of(
                "rclone",
                "serve",
                "sftp",
                server.data.toString(),
                "--addr=" + HOST + ":" + server.port,
                "--key=" + server.file("host"),
                "--authorized-keys=" + server.file("authorized"),
                "--config=/dev/null"));
  }

  /** By asyncssh, confined to its folder. */
  static ProgramServer asyncssh() throws Exception {
    Requires.that(hasAsyncssh(), "Python with asyncssh");
    Path script = Path.of("src/test/resources/servers/asyncssh-server.py").toAbsolutePath();
    return start(
        true,
        server ->
            List.of(
                PYTHON,
                script.toString(),
                HOST,
                String.valueOf(server.port),
                server.file("host").toString(),
                server.file("authorized").toString(),
                server.data.toString()));
  }

  private static boolean hasAsyncssh() throws Exception {
    if (program(PYTHON).isEmpty()) {
      return false;
    }
    Process process =
        new ProcessBuilder(PYTHON, "-c", "import asyncssh")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    return process.waitFor() == 0;
  }

  /** ProFTPD with mod_sftp, as the user that runs the tests. */
  static ProgramServer proftpd() throws Exception {
    Requires.that(program("proftpd").isPresent(), "proftpd");
    Requires.that(Files.exists(Path.of("/usr/lib/proftpd/mod_sftp.so")), "proftpd-mod-crypto");
    return start(
        false,
        server -> {
          String user = System.getProperty("user.name");
          server.write(
              "authorized",
              SshUser.run(
                  "ssh-keygen", "-e", "-m", "RFC4716", "-f", server.file("authorized") + ""));
          SshUser.chmod(server.file("authorized"), "644");
          Path config =
              server.write(
                  "proftpd.conf",
                  String.join(
                          "\n",
                          "LoadModule mod_sftp.c",
                          "ServerType standalone",
                          "DefaultAddress " + HOST,
                          "Port " + server.port,
                          "User " + user,
                          "Group nogroup",
                          "RootLogin on",
                          "UseFtpUsers off",
                          "RequireValidShell off",
                          "UseReverseDNS off",
                          "UseIPv6 off",
                          "AuthOrder mod_auth_unix.c",
                          "PidFile " + server.file("pid"),
                          "ScoreboardFile " + server.file("scoreboard"),
                          "DelayEngine off",
                          "AllowOverwrite on",
                          "AllowStoreRestart on",
                          "SFTPEngine on",
                          "SFTPAuthMethods publickey",
                          "SFTPMaxChannels 50",
                          "SFTPHostKey " + server.file("host"),
                          "SFTPAuthorizedUserKeys file:" + server.file("authorized"))
                      + "\n");
          return List.of("proftpd", "-n", "-q", "-c", config.toString());
        });
  }

  private static ProgramServer start(boolean confined, Program program) throws Exception {
    ProgramServer server = new ProgramServer(ServerFolder.create(), confined, program);
    OpenSshServer.awaitPort(server.process, server.port, server.file("log"));
    return server;
  }

  /** On the path, unless it is absolute. */
  private static Optional<Path> program(String name) {
    String path = System.getenv().getOrDefault("PATH", "");
    return Stream.of(path.split(File.pathSeparator, -1))
        .map(folder -> Path.of(folder).resolve(name))
        .filter(Files::isExecutable)
        .findFirst();
  }

  private Path write(String name, String text) throws IOException {
    Path file = Files.writeString(file(name), text);
    SshUser.chmod(file, "600");
    return file;
  }

  private Path file(String name) {
    return files.path().resolve(name);
  }

  @Override
  public int port() {
    return port;
  }

  @Override
  public String user() {
    return System.getProperty("user.name");
  }

  @Override
  public Path identity() {
    return file("identity");
  }

  @Override
  public String hostKey() {
    return PublicKeyEntry.toString(hostKey.getPublic());
  }

  @Override
  public String path() {
    return path;
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
