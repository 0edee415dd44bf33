package dev.openmemory.backup.storage.sftp;

import dev.openmemory.backup.testconditions.Requires;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * OpenSSH's server as a process of its own. It ends with this JVM, also when that is killed.
 *
 * <p>Where this JVM is root's, so is the server, and it lets root, {@code nobody} or whoever its
 * configuration says log in; elsewhere only the user of this JVM.
 */
final class OpenSshServer implements SftpServer {
  private static final Path PROGRAM = Path.of("/usr/sbin/sshd");
  private static final Path PRIVILEGE_SEPARATION = Path.of("/run/sshd");
  private static final Duration DEADLINE = Duration.ofSeconds(30);
  private static final String SELF = System.getProperty("user.name");
  private static final boolean ROOT = "root".equals(SELF);

  /** Ends the program also when this JVM is killed: its standard input ends then. */
  private static final List<String> LEASH =
      List.of("/bin/sh", "-c", "\"$@\" & read -r _; kill -KILL $!", "leash");

  private final ServerFolder files;
  private final String user;
  private final String path;
  private final Path folder;
  private final int port;
  private @Nullable Process process;

  private OpenSshServer(ServerFolder files, String user, String path, Path folder, int port) {
    this.files = files;
    this.user = user;
    this.path = path;
    this.folder = folder;
    this.port = port;
  }

  /** Whoever runs the tests logs in; with further lines of sshd_config. */
  static OpenSshServer start(String... lines) throws Exception {
    requireProgram();
    return launch(ServerFolder.create(), SELF, false, List.of(lines));
  }

  /** Somebody who is not root logs in. */
  static OpenSshServer startUnprivileged(String... lines) throws Exception {
    requireProgram();
    return launch(ServerFolder.create(), ROOT ? "nobody" : SELF, false, List.of(lines));
  }

  /** Somebody who is not root is locked up in a directory that only root may write to. */
  static OpenSshServer startChrooted(String... lines) throws Exception {
    requireProgram();
    Requires.that(ROOT, "root, to lock users up");
    // Each directory above it has to be root's alone, which that of temporary files is not.
    return launch(ServerFolder.in(Path.of("/run")), "nobody", true, List.of(lines));
  }

  /** With internal-sftp denying these requests of sftp-server(8), and one session a connection. */
  static OpenSshServer startDenying(String requests) throws Exception {
    requireProgram();
    return launch(
        ServerFolder.create(),
        SELF,
        false,
        List.of("ForceCommand internal-sftp -P " + requests, "MaxSessions 1"));
  }

  private static void requireProgram() {
    Requires.that(Files.isExecutable(PROGRAM), "sshd");
    Requires.that(!ROOT || Files.isDirectory(PRIVILEGE_SEPARATION), PRIVILEGE_SEPARATION + "");
  }

  private static OpenSshServer launch(
      ServerFolder files, String user, boolean chrooted, List<String> lines) throws Exception {
    OpenSshServer server = null;
    try {
      Path folder = files.folder("data");
      String path = folder.toString();
      List<String> config = new ArrayList<>(lines);
      if (chrooted) {
        config.add("ChrootDirectory " + folder);
        config.add("ForceCommand internal-sftp");
        folder = Files.createDirectory(folder.resolve("backups"));
        path = "/backups";
      }
      give(folder, user);
      server = new OpenSshServer(files, user, path, folder, freePort());
      server.configure(config);
      server.run();
      return server;
    } catch (Exception | Error e) {
      if (server == null) {
        files.close();
      } else {
        server.close();
      }
      throw e;
    }
  }

  /** As the user would have made it. */
  private static void give(Path folder, String user) throws IOException {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
    if (!user.equals(SELF)) {
      UserPrincipal owner =
          folder.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(user);
      Files.setOwner(folder, owner);
    }
  }

  private void configure(List<String> lines) throws Exception {
    newKey("host");
    newKey("identity");
    newKey("authority");
    Path authorized = files.path().resolve("authorized_keys");
    Files.copy(files.path().resolve("identity.pub"), authorized);
    Files.setPosixFilePermissions(authorized, PosixFilePermissions.fromString("rw-r--r--"));
    List<String> config = new ArrayList<>();
    config.add("ListenAddress " + HOST);
    config.add("Port " + port);
    config.add("HostKey " + files.path().resolve("host"));
    config.add("AuthorizedKeysFile " + authorized);
    config.add("TrustedUserCAKeys " + authority() + ".pub");
    config.add("PidFile none");
    config.add("StrictModes no");
    config.add("UsePAM no");
    config.add("PermitRootLogin yes");
    // The first of several lines of one name counts, so that the test may have its own.
    config.addAll(lines);
    config.add("MaxStartups 200");
    config.add("MaxSessions 200");
    config.add("LogLevel VERBOSE");
    config.add("PasswordAuthentication no");
    config.add("KbdInteractiveAuthentication no");
    if (lines.stream().noneMatch(line -> line.startsWith("Subsystem"))) {
      config.add("Subsystem sftp internal-sftp");
    }
    Files.write(files.path().resolve("sshd_config"), config, StandardCharsets.UTF_8);
  }

  private void newKey(String name) throws Exception {
    Process keygen =
        new ProcessBuilder("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", name)
            .directory(files.path().toFile())
            .redirectErrorStream(true)
            .start();
    keygen.getOutputStream().close();
    String said = new String(keygen.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (keygen.waitFor() != 0) {
      throw new AssertionError("ssh-keygen: " + said);
    }
  }

  /** Starts it again after {@link #kill}. */
  void run() throws Exception {
    String config = files.path().resolve("sshd_config").toString();
    Process started =
        leash(List.of(PROGRAM.toString(), "-D", "-e", "-f", config))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
            .start();
    process = started;
    awaitPort(started, port, log());
  }

  /** What runs the program until this JVM ends. */
  static ProcessBuilder leash(List<String> program) {
    List<String> command = new ArrayList<>(LEASH);
    command.addAll(program);
    return new ProcessBuilder(command);
  }

  static void awaitPort(Process started, int port, Path log) throws Exception {
    long deadline = System.nanoTime() + DEADLINE.toNanos();
    while (true) {
      try (Socket socket = new Socket()) {
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        return;
      } catch (IOException e) {
        if (!started.isAlive() || System.nanoTime() > deadline) {
          throw new AssertionError("the server does not answer: " + Files.readString(log), e);
        }
      }
      Thread.sleep(20);
    }
  }

  /** Kills it with all its sessions. */
  void kill() {
    Process running = process;
    process = null;
    if (running != null) {
      List<ProcessHandle> all = running.descendants().toList();
      // The listener is the first, so that no session is made meanwhile.
      all.forEach(ProcessHandle::destroyForcibly);
      running.destroyForcibly();
      all.forEach(one -> one.onExit().join());
      running.onExit().join();
    }
  }

  Path log() {
    return files.path().resolve("log");
  }

  @Override
  public int port() {
    return port;
  }

  @Override
  public String user() {
    return user;
  }

  @Override
  public Path identity() {
    return files.path().resolve("identity");
  }

  @Override
  public String hostKey() {
    try {
      String[] words = Files.readString(files.path().resolve("host.pub")).split(" ", -1);
      return words[0] + " " + words[1].strip();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** The key that may sign those of users. */
  Path authority() {
    return files.path().resolve("authority");
  }

  @Override
  public String path() {
    return path;
  }

  @Override
  public Path folder() {
    return folder;
  }

  @Override
  public void close() throws IOException {
    try (files) {
      kill();
    }
  }

  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
