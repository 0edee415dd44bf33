package dev.openmemory.backup.storage.sftp.internal.auth;

import com.hierynomus.sshj.userauth.certificate.Certificate;
import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.internal.signature.SshAgent;
import dev.openmemory.backup.storage.sftp.internal.hostkey.HostKey;
import dev.openmemory.backup.storage.sftp.internal.hostkey.KeyAlgorithmNames;
import dev.openmemory.backup.storage.sftp.internal.settings.ClientEnvironment;
import dev.openmemory.backup.storage.sftp.internal.settings.SftpOptions;
import dev.openmemory.backup.storage.sftp.internal.sshconfig.HostSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import net.schmizz.sshj.common.Buffer;
import net.schmizz.sshj.common.SSHRuntimeException;
import org.jspecify.annotations.Nullable;

/**
 * The keys to log in with, in the order of ssh: those of the agent that a file names too, the other
 * ones of the agent, the other ones of files.
 *
 * @param keys to be tried
 * @param problems with others, each with its name
 */
record Identities(List<Identity> keys, List<String> problems) {
  private static final List<String> USUAL = List.of("id_rsa", "id_ecdsa", "id_ed25519");

  /**
   * Finds them.
   *
   * @param given the files that an option names
   * @param onlyGiven whether no others are to be used
   * @param agent null when there is none
   * @throws BackupException when a given file cannot be used at all
   */
  static Identities find(
      HostSettings host,
      List<Path> given,
      boolean onlyGiven,
      char @Nullable [] passphrase,
      @Nullable SshAgent agent,
      ClientEnvironment local)
      throws BackupException {
    List<String> problems = new ArrayList<>();
    List<Identity> ofFiles = new ArrayList<>();
    for (Path file : files(host, given, onlyGiven, local)) {
      IdentityFile key = new IdentityFile(file, passphrase);
      try {
        Optional<String> exposure =
            Files.exists(file) && !key.isPublic()
                ? PrivateFile.exposure(file, local)
                : Optional.empty();
        if (exposure.isPresent()) {
          throw new Identity.IdentityException(exposure.get());
        }
        addAll(ofFiles, key, file, host.certificateFiles());
      } catch (IOException e) {
        String fact = e instanceof Identity.IdentityException ? e.getMessage() : "cannot be read";
        if (given.contains(file)) {
          throw SftpOptions.invalid("'identity-file' " + file + " " + fact);
        }
        problems.add(file + ": " + fact);
      }
    }
    List<Identity> ofAgent = ofAgent(agent, problems);
    return new Identities(
        ordered(ofFiles, ofAgent, onlyGiven || host.identitiesOnly()), List.copyOf(problems));
  }

  private static Set<Path> files(
      HostSettings host, List<Path> given, boolean onlyGiven, ClientEnvironment local) {
    Set<Path> files = new LinkedHashSet<>();
    if (!onlyGiven) {
      files.addAll(host.identityFiles());
      if (!host.identitiesNamed()) {
        USUAL.stream().map(local.folder()::resolve).filter(Files::exists).forEach(files::add);
      }
    }
    files.addAll(given);
    return files;
  }

  /** The key, and before it its certificates. */
  private static void addAll(
      List<Identity> all, IdentityFile key, Path file, List<Path> certificateFiles)
      throws IOException {
    Identity plain = key.identity();
    Path beside = file.resolveSibling(file.getFileName() + "-cert.pub");
    if (Files.exists(beside)) {
      all.add(key.certified(beside));
    }
    for (Path certificate : certificateFiles) {
      if (Files.exists(certificate) && isOf(IdentityFile.blobOfLine(certificate), plain)) {
        all.add(key.certified(certificate));
      }
    }
    all.add(plain);
  }

  private static boolean isOf(byte[] certificate, Identity key) throws IOException {
    try {
      PublicKey read = new Buffer.PlainBuffer(certificate).readPublicKey();
      return read instanceof Certificate<?>
          && HostKey.of(read).base64().equals(Base64.getEncoder().encodeToString(key.blob()));
    } catch (SSHRuntimeException e) {
      throw new Identity.IdentityException("has a certificate that cannot be read");
    }
  }

  private static List<Identity> ofAgent(@Nullable SshAgent agent, List<String> problems) {
    if (agent == null) {
      return List.of();
    }
    try {
      return agent.keys().stream().map(key -> ofAgent(agent, key)).toList();
    } catch (IOException e) {
      problems.add("agent: does not answer");
      return List.of();
    }
  }

  private static Identity ofAgent(SshAgent agent, SshAgent.Key key) {
    return new Identity(
        "key " + key.comment() + " of the agent",
        key.blob(),
        (algorithm, data) -> {
          int flags = algorithm.equals(KeyAlgorithmNames.RSA_SHA512) ? SshAgent.RSA_SHA512 : 0;
          try {
            return agent.sign(key.blob(), data, flags);
          } catch (IOException e) {
            throw new Identity.IdentityException("accepted, but the agent did not sign");
          }
        });
  }

  private static List<Identity> ordered(
      List<Identity> ofFiles, List<Identity> ofAgent, boolean onlyOfFiles) {
    List<Identity> first = new ArrayList<>();
    List<Identity> last = new ArrayList<>();
    for (Identity file : ofFiles) {
      Optional<Identity> same =
          ofAgent.stream().filter(key -> key.isSameKey(file.blob())).findFirst();
      same.ifPresentOrElse(first::add, () -> last.add(file));
    }
    if (!onlyOfFiles) {
      ofAgent.stream().filter(key -> !first.contains(key)).forEach(first::add);
    }
    first.addAll(last);
    return List.copyOf(first);
  }
}
