package dev.openmemory.backup.cli.settings.encryption;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Backups;
import dev.openmemory.backup.signature.AllowedSigners;
import dev.openmemory.backup.signature.SigningKey;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** By which key a new backup is signed. */
public final class SignatureOptions {
  private static final String AGENT = "SSH_AUTH_SOCK";

  @Option(
      names = "--sign-key",
      paramLabel = "FILE",
      description = {
        "Sign the backup with this key of 'ssh-keygen -t ed25519'. For a public key, or one with a",
        "passphrase, the SSH agent signs. 'ssh-keygen -Y verify' and --require-signature check it."
      })
  @Nullable Path key;

  /**
   * The same backups; new ones are signed if a key is given.
   *
   * @param environment names the socket of the agent
   * @throws BackupException when the key cannot be used
   */
  public Backups signing(Backups backups, Map<String, String> environment) throws BackupException {
    return key == null ? backups : backups.withSigningKey(key(environment.getOrDefault(AGENT, "")));
  }

  private SigningKey key(String agent) throws BackupException {
    Path file = named(Objects.requireNonNull(key), "--sign-key");
    return agent.isEmpty() ? SigningKey.read(file) : SigningKey.readWithAgent(file, Path.of(agent));
  }

  /**
   * The same backups; what none of the signers has signed is damaged.
   *
   * @param signers a file of them, if signatures are required
   * @throws BackupException when the file cannot be used
   */
  public static Backups requiring(Backups backups, @Nullable Path signers) throws BackupException {
    return signers == null
        ? backups
        : backups.withRequiredSignature(AllowedSigners.read(named(signers, "--require-signature")));
  }

  /** An empty setting must not turn signatures off. */
  private static Path named(Path file, String option) throws BackupException {
    if (file.toString().isEmpty()) {
      throw Kind.INVALID.failure("settings", option, "it is empty; name a file");
    }
    return file;
  }
}
