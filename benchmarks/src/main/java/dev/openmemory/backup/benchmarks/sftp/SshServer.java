package dev.openmemory.backup.benchmarks.sftp;

import dev.openmemory.backup.benchmarks.process.Folder;
import dev.openmemory.backup.benchmarks.process.PipedCommand;
import dev.openmemory.backup.benchmarks.process.Programs;
import dev.openmemory.backup.benchmarks.process.ServerPort;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The sshd of this host as a process of its own, for the present user, with keys and a folder of
 * its own, which go when it is closed. All clients get the same cipher: what is compared is not
 * their taste in them.
 *
 * @param port on the loopback address
 */
public record SshServer(Folder folder, Process process, int port) implements Closeable {
  static final String PROGRAM = "sshd";
  static final String ADDRESS = "127.0.0.1";

  static SshServer start() throws IOException, InterruptedException {
    Folder folder = Folder.create();
    try {
      int port = ServerPort.free();
      Files.createDirectory(folder.path().resolve("store"));
      createKey(folder.path().resolve("host-key"));
      createKey(folder.path().resolve("user-key"));
      SshServer server = new SshServer(folder, launch(folder.path(), port), port);
      server.awaitPort();
      return server;
    } catch (Throwable e) {
      folder.close();
      throw e;
    }
  }

  /** Where clients put what they upload. */
  Path store() {
    return folder.path().resolve("store");
  }

  Path userKey() {
    return folder.path().resolve("user-key");
  }

  /** A known_hosts file that holds its key as that of the given port, perhaps a proxy's. */
  Path knownHosts(int seenAtPort) throws IOException {
    String key = Files.readString(folder.path().resolve("host-key.pub"));
    return Files.writeString(
        folder.path().resolve("known-hosts"), "[" + ADDRESS + "]:" + seenAtPort + " " + key);
  }

  private static void createKey(Path file) throws IOException, InterruptedException {
    List<String> command =
        List.of("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", file.toString());
    new PipedCommand(command, Map.of()).run();
  }

  private static Process launch(Path folder, int port) throws IOException {
    Path configuration =
        Files.writeString(
            folder.resolve("sshd-config"),
            String.join(
                "\n",
                "ListenAddress " + ADDRESS + ":" + port,
                "HostKey " + folder.resolve("host-key"),
                "AuthorizedKeysFile " + folder.resolve("user-key.pub"),
                "StrictModes no",
                "PidFile none",
                "MaxStartups 100",
                "MaxSessions 100",
                "Ciphers aes128-gcm@openssh.com",
                "Subsystem sftp internal-sftp",
                ""));
    List<String> command = new ArrayList<>();
    // It starts itself again for each connection, by the path that it was started with.
    command.add(Programs.find(PROGRAM).orElseThrow().toString());
    command.addAll(List.of("-D", "-e", "-f", configuration.toString()));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("log").toFile())
        .start();
  }

  private void awaitPort() throws IOException, InterruptedException {
    try {
      ServerPort.await(ADDRESS, port, process, folder.path().resolve("log"));
    } catch (Throwable e) {
      stop();
      throw e;
    }
  }

  private void stop() {
    process.destroyForcibly().onExit().join();
  }

  @Override
  public void close() throws IOException {
    try (folder) {
      stop();
    }
  }
}
