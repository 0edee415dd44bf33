package dev.openmemory.backup.storage.sftp.internal.auth;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.internal.signature.SshAgent;
import dev.openmemory.backup.internal.watch.CallWatch;
import dev.openmemory.backup.storage.sftp.internal.hostkey.KeyAlgorithmNames;
import dev.openmemory.backup.storage.sftp.internal.session.SshConnection;
import dev.openmemory.backup.storage.sftp.internal.settings.ClientEnvironment;
import dev.openmemory.backup.storage.sftp.internal.settings.SftpOptions;
import dev.openmemory.backup.storage.sftp.internal.sshconfig.HostSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import net.schmizz.sshj.common.DisconnectReason;
import net.schmizz.sshj.common.SSHException;
import net.schmizz.sshj.common.SSHRuntimeException;
import net.schmizz.sshj.transport.TransportException;
import net.schmizz.sshj.userauth.UserAuthException;
import net.schmizz.sshj.userauth.method.AuthKeyboardInteractive;
import net.schmizz.sshj.userauth.method.AuthMethod;
import net.schmizz.sshj.userauth.method.AuthNone;
import net.schmizz.sshj.userauth.method.AuthPassword;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs a user in to one host: keys first, then a password. For one connection. */
public final class Authentication {
  private static final Logger LOG = LoggerFactory.getLogger(Authentication.class);
  private static final String PASSWORD = "password";
  private static final String KEYBOARD = "keyboard-interactive";

  /** OpenSSH ends the connection at the sixth refusal, by default. */
  private static final int MOST_SHOWN = 5;

  private final SshConnection connection;
  private final HostSettings host;
  private final SftpOptions options;
  private final ClientEnvironment local;
  private final CallWatch.Call call;

  /** What was tried, with its outcome. */
  private final List<String> tried = new ArrayList<>();

  /** Keys that the server does not take. */
  private final List<Identity> refused = new ArrayList<>();

  public Authentication(
      SshConnection connection,
      HostSettings host,
      SftpOptions options,
      ClientEnvironment local,
      CallWatch.Call call) {
    this.connection = connection;
    this.host = host;
    this.options = options;
    this.local = local;
    this.call = call;
  }

  /**
   * Logs in.
   *
   * @param destination whether the host is the one that was asked for: a host on the way does not
   *     get its password
   */
  public void logIn(boolean destination) throws IOException {
    try {
      // The answer says what the server allows.
      if (succeeds(new AuthNone()) || withKeys(destination)) {
        return;
      }
      if (destination && options.passwordFile() != null && withPassword(options.passwordFile())) {
        return;
      }
    } catch (TransportException | IllegalStateException | SSHRuntimeException e) {
      // The last two are what sshj says of a connection that has ended between two attempts.
      if (isTooManyAttempts(e) || connection.end().filter(this::isTooManyAttempts).isPresent()) {
        throw denied("; then the server ended the connection", e);
      }
      throw e;
    }
    throw denied("", null);
  }

  /** Servers count failures, and an agent may have many keys. */
  private boolean isTooManyAttempts(Exception end) {
    // sshj puts what the server said under failures of its own.
    return !tried.isEmpty()
        && Stream.iterate((Throwable) end, Objects::nonNull, Throwable::getCause)
            .anyMatch(Authentication::namesAttempts);
  }

  private static boolean namesAttempts(Throwable said) {
    return (said instanceof SSHException e
            && e.getDisconnectReason() == DisconnectReason.NO_MORE_AUTH_METHODS_AVAILABLE)
        || String.valueOf(said.getMessage()).contains("Too many authentication failures");
  }

  private boolean withKeys(boolean destination) throws IOException {
    if (!allows(PublicKeyMethod.NAME)) {
      return false;
    }
    boolean onlyGiven = destination && !options.identityFiles().isEmpty();
    Path file = options.passphraseFile();
    char[] passphrase = file == null ? null : PrivateFile.firstLine("passphrase-file", file, local);
    try (SshAgent agent = agent()) {
      Identities identities =
          Identities.find(host, options.identityFiles(), onlyGiven, passphrase, agent, local);
      tried.addAll(identities.problems());
      boolean last = !destination || options.passwordFile() == null;
      return withBest(identities.keys()) || (last && withSecondBest(identities.keys().size()));
    }
  }

  /** Servers count what they refuse, so that each key is shown with one algorithm first. */
  private boolean withBest(List<Identity> keys) throws IOException {
    for (Identity identity : keys) {
      if (!allows(PublicKeyMethod.NAME)) {
        return false;
      }
      if (withKey(identity, KeyAlgorithmNames.of(identity.type()).get(0), "")) {
        return true;
      }
    }
    return false;
  }

  /** When all else has failed, for servers that know RSA with SHA-256 only. */
  private boolean withSecondBest(int before) throws IOException {
    int shown = before;
    for (Identity identity : List.copyOf(refused)) {
      List<String> algorithms = KeyAlgorithmNames.of(identity.type());
      if (algorithms.size() > 1 && shown < MOST_SHOWN && allows(PublicKeyMethod.NAME)) {
        shown++;
        if (withKey(identity, algorithms.get(1), " with " + algorithms.get(1))) {
          return true;
        }
      }
    }
    return false;
  }

  private boolean withKey(Identity identity, String algorithm, String how) throws IOException {
    PublicKeyMethod method = new PublicKeyMethod(identity, algorithm);
    if (succeeds(method)) {
      LOG.debug("logged in to {} with {}", host.address(), identity);
      return true;
    }
    if (method.isRefused()) {
      refused.add(identity);
    }
    String outcome = isPartial() ? "accepted, and more is asked" : method.outcome();
    tried.add(identity + how + ": " + outcome);
    return false;
  }

  private boolean isPartial() {
    return connection.getUserAuth().hadPartialSuccess();
  }

  private @Nullable SshAgent agent() {
    Path socket = host.agentSocket();
    if (socket == null) {
      return null;
    }
    try {
      // Within the silence that ends the login, so that the next key gets its turn.
      return SshAgent.connect(socket, options.timeout().dividedBy(2));
    } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
      LOG.debug("no agent at {}", socket, e);
      tried.add("agent: none at " + socket);
      return null;
    }
  }

  private boolean withPassword(Path file) throws IOException {
    char[] password = PrivateFile.firstLine("password-file", file, local);
    if (allows(PASSWORD)) {
      if (succeeds(new AuthPassword(new SecretFinder(password)))) {
        return true;
      }
      tried.add(PASSWORD + ": not accepted");
    }
    if (allows(KEYBOARD)) {
      PasswordPrompt prompt = new PasswordPrompt(password);
      if (succeeds(new AuthKeyboardInteractive(prompt))) {
        return true;
      }
      tried.add(
          KEYBOARD
              + (prompt.askedForMore() ? ": asks for more than a password" : ": not accepted"));
    }
    return false;
  }

  private boolean succeeds(AuthMethod method) throws TransportException {
    call.progressed();
    try {
      connection.auth(host.user(), method);
      return true;
    } catch (UserAuthException e) {
      // It wraps the failure of a broken connection; a further attempt would hide that.
      if (!connection.isConnected() || Thread.currentThread().isInterrupted()) {
        throw new TransportException(e);
      }
      LOG.debug("{} not logged in by {}", host.address(), method.getName());
      return false;
    }
  }

  private boolean allows(String method) {
    return allowed().contains(method);
  }

  private Collection<String> allowed() {
    return connection.getUserAuth().getAllowedMethods();
  }

  private BackupException denied(String rest, @Nullable Exception cause) {
    return Kind.DENIED.failure(
        "log in",
        host.location(),
        (tried.isEmpty()
                ? "login failed: no SSH key or password available"
                : "login failed, tried " + String.join(", ", tried))
            + "; the server accepts: "
            + String.join(", ", allowed())
            + rest,
        cause);
  }
}
