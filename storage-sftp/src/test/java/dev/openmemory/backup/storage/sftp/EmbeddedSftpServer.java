package dev.openmemory.backup.storage.sftp;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.Base64;
import java.util.List;
import java.util.function.Consumer;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.file.virtualfs.VirtualFileSystemFactory;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.core.CoreModuleProperties;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.auth.pubkey.PublickeyAuthenticator;
import org.apache.sshd.sftp.SftpModuleProperties;
import org.apache.sshd.sftp.server.SftpSubsystemFactory;
import org.jspecify.annotations.Nullable;

/** Apache MINA's server in this JVM, its root in a folder, with the same keys for all of a JVM. */
final class EmbeddedSftpServer implements SftpServer {
  private static final KeyPair HOST_KEY = newKey();
  private static final KeyPair USER_KEY = newKey();
  private static final String USER = "me";

  private final ServerFolder files;
  private final Path data;
  private final Path identity;
  private final SshServer server;

  private EmbeddedSftpServer(ServerFolder files) throws IOException {
    this.files = files;
    this.data = files.folder("data");
    this.identity =
        Files.writeString(files.path().resolve("identity"), pem(USER_KEY), StandardCharsets.UTF_8);
    Files.setPosixFilePermissions(identity, PosixFilePermissions.fromString("rw-------"));
    this.server = SshServer.setUpDefaultServer();
  }

  /** With all the extensions that it knows. */
  static EmbeddedSftpServer start() throws IOException {
    return start(null, server -> {});
  }

  /** With other ways to log in, or other algorithms. */
  static EmbeddedSftpServer start(Consumer<SshServer> setup) throws IOException {
    return start(null, setup);
  }

  /** Without posix-rename, hardlink, fsync, statvfs and limits, like a server of long ago. */
  static EmbeddedSftpServer startWithoutExtensions() throws IOException {
    return start("lsetstat@openssh.com=1", server -> {});
  }

  private static EmbeddedSftpServer start(@Nullable String extensions, Consumer<SshServer> setup)
      throws IOException {
    EmbeddedSftpServer started = new EmbeddedSftpServer(ServerFolder.create());
    try {
      if (extensions != null) {
        SftpModuleProperties.OPENSSH_EXTENSIONS.set(started.server, extensions);
        SftpModuleProperties.CLIENT_EXTENSIONS.set(started.server, extensions);
      }
      started.listen(0, setup);
      return started;
    } catch (IOException | RuntimeException e) {
      started.close();
      throw e;
    }
  }

  private void listen(int port, Consumer<SshServer> setup) throws IOException {
    server.setHost(HOST);
    server.setPort(port);
    // As sshd does. Otherwise each answer waits for the client's delayed acknowledgement.
    CoreModuleProperties.TCP_NODELAY.set(server, true);
    server.setKeyPairProvider(KeyPairProvider.wrap(HOST_KEY));
    PublickeyAuthenticator known =
        (user, key, session) ->
            user.equals(USER) && KeyUtils.compareKeys(key, USER_KEY.getPublic());
    server.setPublickeyAuthenticator(known);
    server.setFileSystemFactory(new VirtualFileSystemFactory(data));
    server.setSubsystemFactories(List.of(new SftpSubsystemFactory()));
    setup.accept(server);
    server.start();
  }

  @Override
  public int port() {
    return server.getPort();
  }

  @Override
  public String user() {
    return USER;
  }

  @Override
  public Path identity() {
    return identity;
  }

  @Override
  public String hostKey() {
    return PublicKeyEntry.toString(HOST_KEY.getPublic());
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
      server.stop(true);
    }
  }

  private static KeyPair newKey() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2048);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has RSA", e);
    }
  }

  private static String pem(KeyPair key) {
    String base64 =
        Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key.getPrivate().getEncoded());
    return "-----BEGIN PRIVATE KEY-----\n" + base64 + "\n-----END PRIVATE KEY-----\n";
  }
}
