package dev.openmemory.backup.signature;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.encryption.KeyFiles;
import dev.openmemory.backup.internal.signature.MalformedException;
import dev.openmemory.backup.internal.signature.PublicKeyBlob;
import dev.openmemory.backup.internal.signature.SignerLine;
import dev.openmemory.backup.internal.signature.SshSignature;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The public keys that may sign backups: a file as {@code ssh-keygen -Y verify} takes it, with a
 * principal and a key on each line. Only keys of type {@code ssh-ed25519} count, and of the options
 * only {@code namespaces} is supported. Immutable.
 */
public final class AllowedSigners {
  private final List<SignerLine> signers;
  private final String file;

  private AllowedSigners(List<SignerLine> signers, String file) {
    this.signers = List.copyOf(signers);
    this.file = file;
  }

  /**
   * Reads the file.
   *
   * @throws BackupException of kind {@code NOT_FOUND} or {@code DENIED} when it cannot be read,
   *     {@code INVALID} when a line cannot be used or no key is left
   */
  public static AllowedSigners read(Path file) throws BackupException {
    List<SignerLine> signers = new ArrayList<>();
    List<String> lines = KeyFiles.read(file).content().text().lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      try {
        SignerLine.parse(lines.get(i)).ifPresent(signers::add);
      } catch (MalformedException e) {
        throw invalid(file, "line " + (i + 1) + ": " + e.fact());
      }
    }
    if (signers.isEmpty()) {
      throw invalid(file, "it has no ssh-ed25519 key that may sign backups");
    }
    return new AllowedSigners(signers, file.toString());
  }

  private static BackupException invalid(Path file, String fact) {
    return Kind.INVALID.failure("read allowed signers", file.toString(), fact);
  }

  /**
   * Requires that one of them has signed the manifest.
   *
   * @param place of the signature, for messages
   * @return the principals of its key, as the file names them
   * @throws BackupException of kind {@code CORRUPT} when the signature is damaged, is not of this
   *     manifest, or is by another key
   */
  public String require(byte[] manifest, byte[] signature, String place) throws BackupException {
    PublicKeyBlob signer = SshSignature.signerOf(manifest, signature, place);
    return signers.stream()
        .filter(line -> line.key().equals(signer))
        .findFirst()
        .orElseThrow(
            () ->
                Kind.CORRUPT.failure(
                    "check signature", place, "it is by " + signer + ", which is not in " + file))
        .principals();
  }
}
