package dev.openmemory.backup.storage.sftp;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.config.keys.writer.openssh.OpenSSHKeyEncryptionContext;
import org.apache.sshd.common.config.keys.writer.openssh.OpenSSHKeyPairResourceWriter;
import org.apache.sshd.common.file.virtualfs.VirtualFileSystemFactory;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.session.SessionListener;
import org.apache.sshd.core.CoreModuleProperties;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.forward.AcceptAllForwardingFilter;
import org.apache.sshd.sftp.SftpModuleProperties;
import org.apache.sshd.sftp.server.SftpFileSystemAccessor;
import org.apache.sshd.sftp.server.SftpSubsystemFactory;
import org.jspecify.annotations.Nullable;

/** Apache MINA's server in this JVM, its root in a folder, with the same keys for all of a JVM. */
public final class EmbeddedSftpServer implements SftpServer {
  private static final KeyPair HOST_KEY = newKey("EC", 256);
  private static final KeyPair USER_KEY = newKey("EC", 256);
  private static final String USER = "me";

  private final ServerFolder files;
  private final Path data;
  private final Path identity;
  private final SshServer server;
  private final Set<PublicKey> authorized = ConcurrentHashMap.newKeySet();
  private final AtomicInteger logins = new AtomicInteger();

  private EmbeddedSftpServer(ServerFolder files) throws IOException {
    this.files = files;
    this.data = files.folder("data");
    this.identity = Files.writeString(files.path().resolve("identity"), text(USER_KEY, null));
    Files.setPosixFilePermissions(identity, PosixFilePermissions.fromString("rw-------"));
    this.server = SshServer.setUpDefaultServer();
    authorize(USER_KEY);
  }

  /** With all the extensions that it knows. */
  public static EmbeddedSftpServer start() throws IOException {
    return start(server -> {});
  }

  /** With other ways to log in, or other algorithms. */
  public static EmbeddedSftpServer start(Consumer<SshServer> setup) throws IOException {
    EmbeddedSftpServer started = new EmbeddedSftpServer(ServerFolder.create());
    try {
      started.listen(setup);
      return started;
    } catch (IOException | RuntimeException e) {
      started.close();
      throw e;
    }
  }

  /** With that in place of the files of this host. */
  static Consumer<SshServer> withFiles(SftpFileSystemAccessor files) {
    return server ->
        server.setSubsystemFactories(
            List.of(new SftpSubsystemFactory.Builder().withFileSystemAccessor(files).build()));
  }

  /** With those extensions of OpenSSH alone. */
  static Consumer<SshServer> withExtensions(String extensions) {
    return server -> {
      SftpModuleProperties.OPENSSH_EXTENSIONS.set(server, extensions);
      SftpModuleProperties.CLIENT_EXTENSIONS.set(server, extensions);
    };
  }

  /** With those in place of {@link #hostKey}. */
  public static Consumer<SshServer> withHostKeys(KeyPair... keys) {
    return server -> server.setKeyPairProvider(KeyPairProvider.wrap(keys));
  }

  /** Without posix-rename, hardlink, fsync, statvfs and limits, like a server of long ago. */
  static EmbeddedSftpServer startWithoutExtensions() throws IOException {
    return start(withExtensions("lsetstat@openssh.com=1"));
  }

  private void listen(Consumer<SshServer> setup) throws IOException {
    server.setHost(HOST);
    server.setPort(0);
    // As sshd does. Otherwise each answer waits for the client's delayed acknowledgement.
    CoreModuleProperties.TCP_NODELAY.set(server, true);
    server.setKeyPairProvider(KeyPairProvider.wrap(HOST_KEY));
    server.setPublickeyAuthenticator(
        (user, key, session) -> user.equals(USER) && authorized.contains(key));
    server.addSessionListener(
        new SessionListener() {
          @Override
          public void sessionEvent(Session session, Event event) {
            if (event == Event.Authenticated) {
              logins.incrementAndGet();
            }
          }
        });
    server.setForwardingFilter(AcceptAllForwardingFilter.INSTANCE);
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

  /** Lets that key in, too. */
  public void authorize(KeyPair key) {
    authorized.add(key.getPublic());
  }

  /** How many users were let in so far. */
  int logins() {
    return logins.get();
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

  public static KeyPair newKey(String type, int bits) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(type);
      generator.initialize(bits);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has RSA and EC", e);
    }
  }

  /** As OpenSSH keeps it, encrypted if there is a passphrase. */
  static String text(KeyPair key, @Nullable String passphrase) {
    OpenSSHKeyEncryptionContext encryption = new OpenSSHKeyEncryptionContext();
    // Many rounds make guesses slow, and tests too.
    encryption.setKdfRounds(1);
    encryption.setPassword(passphrase);
    encryption.setCipherType("256");
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    try {
      OpenSSHKeyPairResourceWriter.INSTANCE.writePrivateKey(
          key, "", passphrase == null ? null : encryption, file);
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException("keys of these types can be written", e);
    }
    return file.toString(StandardCharsets.UTF_8);
  }
}
