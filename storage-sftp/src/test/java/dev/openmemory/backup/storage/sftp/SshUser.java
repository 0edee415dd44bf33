package dev.openmemory.backup.storage.sftp;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.internal.watch.CallWatch;
import dev.openmemory.backup.spi.ProviderOptions;
import dev.openmemory.backup.storage.sftp.internal.connect.SshLogin;
import dev.openmemory.backup.storage.sftp.internal.settings.ClientEnvironment;
import dev.openmemory.backup.storage.sftp.internal.settings.SftpLocation;
import dev.openmemory.backup.storage.sftp.internal.settings.SftpOptions;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.KeyPair;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.schmizz.sshj.SSHClient;
import org.jspecify.annotations.Nullable;

/** Somebody with a home of his own, from where he logs in to servers of a test. */
public final class SshUser implements Closeable {
  private ClientEnvironment local;
  private final CallWatch watch = new CallWatch("test-watch");
  private final Map<String, String> options = new HashMap<>();
  private final Map<String, String> environment = new HashMap<>();
  private @Nullable Duration timeout;

  private SshUser(Path home, Path system) {
    this.local =
        new ClientEnvironment(System.getProperty("user.name"), home, system, environment, null);
  }

  public static SshUser in(Path folder) throws IOException {
    Path home = Files.createDirectories(folder.resolve("home"));
    Files.createDirectories(home.resolve(".ssh"));
    return new SshUser(home, Files.createDirectories(folder.resolve("etc")));
  }

  /** His folder of ssh. */
  public Path folder() {
    return local.folder();
  }

  public Path knownHosts() {
    return folder().resolve("known_hosts");
  }

  public SshUser with(String option, Object value) {
    options.put(option, value.toString());
    return this;
  }

  /** With a time-out that is too short for the option. */
  public void withTimeout(Duration timeout) {
    this.timeout = timeout;
  }

  public SshUser withVariable(String name, Object value) {
    environment.put(name, value.toString());
    return this;
  }

  /** From now on that program reads his {@link #config}, and nothing else. */
  SshUser withSsh(Path program) {
    local = new ClientEnvironment(local.user(), local.home(), local.system(), environment, program);
    return with("ssh-config", folder().resolve("config"));
  }

  /** Writes down the host key. */
  public SshUser knows(SftpServer server) throws IOException {
    server.knownHosts(knownHosts(), server.port());
    return this;
  }

  /** Knows the server, and uses the key that it lets in. */
  public SshUser of(SftpServer server) throws IOException {
    return knows(server).with("identity-file", privately(server.identity()));
  }

  /** A copy that nobody else may read. */
  Path privately(Path file) throws IOException {
    return secret(file.getFileName().toString(), Files.readString(file));
  }

  public Path secret(String name, String content) throws IOException {
    Path file = folder().resolve(name);
    Files.writeString(file, content, StandardCharsets.UTF_8);
    chmod(file, "600");
    return file;
  }

  public static void chmod(Path file, String mode) throws IOException {
    Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
    PosixFilePermission[] all = PosixFilePermission.values();
    for (int i = 0; i < all.length; i++) {
      if ((Integer.parseInt(mode, 8) >> (all.length - 1 - i) & 1) == 1) {
        permissions.add(all[i]);
      }
    }
    Files.setPosixFilePermissions(file, permissions);
  }

  public void config(String... lines) throws IOException {
    Files.write(folder().resolve("config"), List.of(lines));
  }

  /** A file in the format of OpenSSH with that key, encrypted if there is a passphrase. */
  public void keeps(String name, KeyPair key, @Nullable String passphrase) throws IOException {
    secret(name, EmbeddedSftpServer.text(key, passphrase));
  }

  /** A new pair of keys of that type, such as {@code ecdsa -b 384}. */
  Path newKey(String name, String passphrase, String... type) throws IOException {
    Path file = folder().resolve(name);
    List<String> command = new ArrayList<>(List.of("ssh-keygen", "-q", "-t"));
    command.addAll(List.of(type));
    command.addAll(List.of("-N", passphrase, "-C", name, "-f", file.toString()));
    run(command.toArray(String[]::new));
    return file;
  }

  public SSHClient connect(SftpServer server) throws BackupException {
    return connect(new SftpLocation(server.user(), SftpServer.HOST, server.port(), "/"));
  }

  public SSHClient connect(SftpLocation location) throws BackupException {
    SftpOptions given = SftpOptions.of(new ProviderOptions("sftp", options), local.home());
    return new SshLogin(location, timeout == null ? given : with(given, timeout), watch, local)
        .connect();
  }

  private static SftpOptions with(SftpOptions given, Duration timeout) {
    return new SftpOptions(
        given.identityFiles(),
        given.passphraseFile(),
        given.passwordFile(),
        given.knownHosts(),
        given.hostKeyPolicy(),
        given.sshConfig(),
        given.proxyJump(),
        given.parallelism(),
        timeout,
        given.keepalive(),
        given.limit());
  }

  /** Runs a program; returns what it said. */
  static String run(String... command) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      if (process.waitFor() != 0) {
        throw new AssertionError(String.join(" ", command) + ": " + said);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
    return said;
  }

  @Override
  public void close() {
    watch.close();
  }
}
