package dev.openmemory.backup.storage.sftp.internal.hostkey;

import com.hierynomus.sshj.userauth.certificate.Certificate;
import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.storage.sftp.internal.sshconfig.HostSettings;
import java.security.PublicKey;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.schmizz.sshj.common.Buffer;
import net.schmizz.sshj.common.KeyType;
import net.schmizz.sshj.common.SSHRuntimeException;
import net.schmizz.sshj.transport.verification.HostKeyVerifier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides whether a server is the one that it should be. Stricter than ssh in one thing: a host
 * that is known by keys of other types is not a new host.
 *
 * <p>For one connection. Asked by a thread of sshj, which gets yes or no; why it was no is in
 * {@link #refusal}.
 */
public final class HostKeyCheck implements HostKeyVerifier {
  private static final Logger LOG = LoggerFactory.getLogger(HostKeyCheck.class);
  private static final int HOST_CERTIFICATE = 2;
  private static final String SHA1_SIGNATURE = "ssh-rsa";

  private final HostSettings host;
  private final boolean acceptNew;
  private final KnownHosts knownHosts;
  private final String name;
  private volatile @Nullable BackupException refusal;

  public HostKeyCheck(HostSettings host, boolean acceptNew, KnownHosts knownHosts) {
    this.host = host;
    this.acceptNew = acceptNew;
    this.knownHosts = knownHosts;
    this.name = name(host);
  }

  private static String name(HostSettings host) {
    if (host.keyAlias() != null) {
      return host.keyAlias().toLowerCase(Locale.ROOT);
    }
    return host.port() == HostSettings.DEFAULT_PORT
        ? host.hostName()
        : "[" + host.hostName() + "]:" + host.port();
  }

  /** Why the key was refused; null when it was not, or when none was shown yet. */
  public @Nullable BackupException refusal() {
    return refusal;
  }

  @Override
  public boolean verify(String hostname, int port, PublicKey shown) {
    try {
      check(shown);
      return true;
    } catch (BackupException e) {
      refusal = e;
      return false;
    }
  }

  private void check(PublicKey shown) throws BackupException {
    HostKey key = HostKey.of(shown);
    requireNotRevoked(key);
    if (shown instanceof Certificate<?> certificate) {
      if (isSignedByKnownAuthority(certificate)) {
        return;
      }
    }
    List<KnownHost> lines = plainLines(name);
    if (holds(lines, key)) {
      return;
    }
    if (lines.isEmpty() && isKnownAtTheUsualPort(key)) {
      return;
    }
    if (!lines.isEmpty()) {
      throw differs(key, lines);
    }
    if (!acceptNew || host.strict()) {
      throw denied(
          "unknown host: offers the key "
              + key
              + ", and is named in none of "
              + knownHosts.files()
              + (acceptNew ? "; ssh_config says StrictHostKeyChecking yes" : ""));
    }
    accept(key);
  }

  private void requireNotRevoked(HostKey key) throws BackupException {
    for (KnownHost line : knownHosts.lines()) {
      if (line.marker() == KnownHost.Marker.REVOKED
          && isForThisHost(line)
          && line.key().equals(key)) {
        throw denied("the host offers the key " + key + ", which is revoked by " + line.place());
      }
    }
  }

  private boolean isForThisHost(KnownHost line) {
    return line.isFor(name) || line.isFor(host.hostName());
  }

  /**
   * Whether an authority that is known has signed the key. A certificate of one that is not says
   * nothing, and the key is judged without it.
   */
  private boolean isSignedByKnownAuthority(Certificate<?> certificate) throws BackupException {
    try {
      HostKey signer = HostKey.signerOf(certificate);
      requireNotRevoked(signer);
      boolean known =
          knownHosts.of(name).stream()
              .anyMatch(
                  line -> line.marker() == KnownHost.Marker.AUTHORITY && line.key().equals(signer));
      if (known) {
        requireValid(certificate);
      }
      return known;
    } catch (Buffer.BufferException | SSHRuntimeException e) {
      throw denied("the host offers a certificate that cannot be read");
    }
  }

  private void requireValid(Certificate<?> certificate)
      throws BackupException, Buffer.BufferException {
    byte[] blob = new Buffer.PlainBuffer().putPublicKey(certificate).getCompactData();
    String principal = host.keyAlias() == null ? host.hostName() : name;
    String problem = KeyType.CertUtils.verifyHostCertificate(blob, certificate, principal);
    if (problem != null) {
      throw denied("the host's certificate is not valid: " + problem);
    }
    // What sshj leaves out.
    if (certificate.getType() != HOST_CERTIFICATE) {
      throw denied("the host's certificate is one of a user");
    }
    if (!certificate.getCritOptions().isEmpty()) {
      throw denied("the host's certificate asks for what no host can do");
    }
    if (new Buffer.PlainBuffer(certificate.getSignature()).readString().equals(SHA1_SIGNATURE)) {
      throw denied("the host's certificate is signed with SHA-1");
    }
  }

  private List<KnownHost> plainLines(String of) {
    return knownHosts.of(of).stream()
        .filter(line -> line.marker() == KnownHost.Marker.NONE)
        .toList();
  }

  private static boolean holds(List<KnownHost> lines, HostKey key) {
    return lines.stream().anyMatch(line -> line.key().equals(key));
  }

  /** As ssh does: the host behind another port may be the same. */
  private boolean isKnownAtTheUsualPort(HostKey key) {
    return host.keyAlias() == null && holds(plainLines(host.hostName()), key);
  }

  private BackupException differs(HostKey key, List<KnownHost> lines) {
    boolean sameType = lines.stream().anyMatch(line -> line.key().type().equals(key.type()));
    String expected =
        lines.stream()
            .filter(line -> !sameType || line.key().type().equals(key.type()))
            .map(line -> line.key() + " (" + line.place() + ")")
            .collect(Collectors.joining(", "));
    return denied(
        (sameType ? "the host key has changed" : "the host is known by keys of other types")
            + ": offered "
            + key
            + ", expected "
            + expected);
  }

  private void accept(HostKey key) throws BackupException {
    if (knownHosts.fileToAddTo().isEmpty()) {
      throw denied("unknown host: offers the key " + key + ", and there is no file to add it to");
    }
    KnownHosts.add(knownHosts.fileToAddTo().get(), name, key);
    LOG.info("{} is now known by the key {}", name, key);
  }

  private BackupException denied(String fact) {
    return Kind.DENIED.failure("check host key", host.location(), fact);
  }

  /** The names of algorithms for the keys that are known, so that the server shows one of these. */
  @Override
  public List<String> findExistingAlgorithms(String hostname, int port) {
    List<KnownHost> lines = knownHosts.of(name);
    if (lines.isEmpty() && host.keyAlias() == null) {
      lines = knownHosts.of(host.hostName());
    }
    return lines.stream().flatMap(HostKeyCheck::algorithms).distinct().toList();
  }

  private static Stream<String> algorithms(KnownHost line) {
    return switch (line.marker()) {
      case REVOKED -> Stream.empty();
      case NONE -> KeyAlgorithmNames.of(line.key().type()).stream();
      case AUTHORITY ->
          Stream.of(KeyType.values())
              .filter(type -> type.getParent() != null)
              .flatMap(type -> KeyAlgorithmNames.of(type.toString()).stream());
    };
  }
}
