package dev.openmemory.backup.storage.sftp.internal.auth;

import com.hierynomus.sshj.common.KeyDecryptionFailedException;
import com.hierynomus.sshj.userauth.keyprovider.OpenSSHKeyV1KeyFile;
import dev.openmemory.backup.storage.sftp.internal.auth.Identity.IdentityException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.util.Base64;
import java.util.Optional;
import net.schmizz.sshj.common.Buffer;
import net.schmizz.sshj.common.Factory;
import net.schmizz.sshj.common.KeyType;
import net.schmizz.sshj.common.SSHRuntimeException;
import net.schmizz.sshj.signature.Signature;
import net.schmizz.sshj.userauth.keyprovider.FileKeyProvider;
import net.schmizz.sshj.userauth.keyprovider.KeyFormat;
import net.schmizz.sshj.userauth.keyprovider.KeyProviderUtil;
import net.schmizz.sshj.userauth.keyprovider.PKCS8KeyFile;
import net.schmizz.sshj.userauth.password.PasswordFinder;
import org.jspecify.annotations.Nullable;

/**
 * A file with a private key. Its public part is known without a passphrase, its private one not.
 */
final class IdentityFile {
  private static final byte[] MAGIC = "openssh-key-v1\0".getBytes(StandardCharsets.US_ASCII);

  private final Path file;
  private final char @Nullable [] passphrase;

  /** With the passphrase for the case that it is encrypted. */
  IdentityFile(Path file, char @Nullable [] passphrase) {
    this.file = file;
    this.passphrase = passphrase == null ? null : passphrase.clone();
  }

  /**
   * The key.
   *
   * @throws IdentityException when it cannot be used
   */
  Identity identity() throws IOException {
    return new Identity(file.toString(), publicBlob(), this::sign);
  }

  /** The same key with a certificate, in the file of that name. */
  Identity certified(Path certificate) throws IOException {
    return new Identity(certificate.toString(), blobOfLine(certificate), this::sign);
  }

  /** The public key, from the private file, where the format shows it, or from the one beside. */
  byte[] publicBlob() throws IOException {
    if (isPublic()) {
      return blobOfLine(file);
    }
    Path beside = file.resolveSibling(file.getFileName() + ".pub");
    Optional<byte[]> shown = Files.exists(file) ? shownBlob(content()) : Optional.empty();
    if (shown.isPresent()) {
      return shown.get();
    }
    if (Files.exists(beside)) {
      return blobOfLine(beside);
    }
    return new Buffer.PlainBuffer().putPublicKey(key().getPublic()).getCompactData();
  }

  /** Whether the file has the public key alone, for an agent that has the private one. */
  boolean isPublic() {
    return file.toString().endsWith(".pub");
  }

  /** Of a file that has one line, as {@code .pub} files have. */
  static byte[] blobOfLine(Path file) throws IOException {
    String[] words = Files.readString(file, StandardCharsets.UTF_8).strip().split("\\s+", -1);
    try {
      return Base64.getDecoder().decode(words.length < 2 ? "" : words[1]);
    } catch (IllegalArgumentException e) {
      throw new IdentityException(file + " is no public key");
    }
  }

  private static Optional<byte[]> shownBlob(String content) throws IOException {
    if (!content.contains("-----BEGIN OPENSSH PRIVATE KEY-----")) {
      return Optional.empty();
    }
    try {
      String base64 = content.replaceAll("-----[^-]*-----", "").replaceAll("\\s", "");
      Buffer.PlainBuffer key = new Buffer.PlainBuffer(Base64.getDecoder().decode(base64));
      key.readRawBytes(new byte[MAGIC.length]);
      key.readBytes();
      key.readBytes();
      key.readBytes();
      key.readUInt32();
      return Optional.of(key.readBytes());
    } catch (IllegalArgumentException | Buffer.BufferException e) {
      throw new IdentityException("is damaged");
    }
  }

  private byte[] sign(String algorithm, byte[] data) throws IOException {
    PrivateKey key = key().getPrivate();
    Signature signature = Factory.Named.Util.create(KeyType.CertUtils.ALL_SIGNATURES, algorithm);
    if (signature == null) {
      throw new IdentityException("is of a type that is not understood: " + algorithm);
    }
    try {
      signature.initSign(key);
      signature.update(data);
      return new Buffer.PlainBuffer()
          .putString(signature.getSignatureName())
          .putBytes(signature.encode(signature.sign()))
          .getCompactData();
    } catch (SSHRuntimeException e) {
      throw new IdentityException("cannot sign");
    }
  }

  private String content() throws IOException {
    try {
      return Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new IdentityException("cannot be read");
    }
  }

  /** The key pair, decrypted. */
  private FileKeyProvider key() throws IOException {
    String content = content();
    FileKeyProvider provider = provider(KeyProviderUtil.detectKeyFileFormat(content, false));
    provider.init(content, null, passphrase());
    try {
      provider.getPrivate();
      return provider;
    } catch (KeyDecryptionFailedException e) {
      throw new IdentityException(
          passphrase == null
              ? "is encrypted, and no passphrase is given"
              : "is encrypted, with another passphrase");
    } catch (IOException | RuntimeException e) {
      // Without the cause: it may quote what it could not decode.
      throw new IdentityException(
          content.contains("Proc-Type: 4,ENCRYPTED")
              ? "is encrypted in the old PEM format, which is not understood"
              : "is no private key that is understood");
    }
  }

  private static FileKeyProvider provider(KeyFormat format) throws IdentityException {
    return switch (format) {
      case OpenSSHv1 -> new OpenSSHKeyV1KeyFile();
      case PKCS8 -> new PKCS8KeyFile();
      default -> throw new IdentityException("is no private key that is understood");
    };
  }

  private @Nullable PasswordFinder passphrase() {
    return passphrase == null ? null : new SecretFinder(passphrase);
  }
}
