package dev.openmemory.backup.cli.advice;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import java.util.Optional;
import java.util.Set;

/** What a person can do about a failure of a target that is reached by SSH. */
final class SftpAdvice {
  private static final String SCHEME = "sftp:";
  private static final Set<String> OPERATIONS =
      Set.of("options of sftp", "read ssh_config", "read known hosts", "add known host");
  private static final Set<String> OF_LOCATION =
      Set.of("open target", "connect", "options of sftp", "read ssh_config", "read known hosts");

  private SftpAdvice() {}

  /** Empty for all other failures, and where the general advice holds. */
  static Optional<String> on(BackupException failure) {
    boolean ours =
        failure.location().startsWith(SCHEME) || OPERATIONS.contains(failure.operation());
    return ours
        ? byOperation(failure.kind(), failure.operation())
            .or(() -> byKind(failure.kind(), failure.operation()))
        : Optional.empty();
  }

  private static Optional<String> byOperation(Kind kind, String operation) {
    if (kind != Kind.DENIED) {
      return Optional.empty();
    }
    return switch (operation) {
      case "check host key" ->
          Optional.of(
              "Compare the fingerprint with the one from the host's administrator, or with"
                  + " the output of 'ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub' there. If"
                  + " a new host is the right one: 'ssh-keyscan -p PORT HOST >>"
                  + " ~/.ssh/known_hosts', or the file of the option known-hosts, or run once with the option"
                  + " host-key-policy=accept-new. If a key has changed and the administrator did"
                  + " not change it, an attacker may be listening: do not go on. Otherwise remove"
                  + " the old key: 'ssh-keygen -R HOST', for another port than 22 '[HOST]:PORT'.");
      case "log in" ->
          Optional.of(
              "See that 'ssh USER@HOST' works, and that the public key is in"
                  + " ~/.ssh/authorized_keys there ('ssh-copy-id'). A key in another place is named"
                  + " by 'identity-file', a passphrase comes from the agent ('ssh-add') or from"
                  + " 'passphrase-file', a password from 'password-file'. A key that is open to"
                  + " others: 'chmod 600 FILE'. If the server ended the connection after some keys,"
                  + " name the right one by 'identity-file', or with 'IdentitiesOnly yes' in"
                  + " ssh_config.");
      default -> Optional.empty();
    };
  }

  private static Optional<String> byKind(Kind kind, String operation) {
    return switch (kind) {
      case INVALID ->
          !OF_LOCATION.contains(operation)
              ? Optional.empty()
              : Optional.of(
                  "Locations are like sftp://user@host:port/absolute/path, or /~/path below the login"
                      + " directory. A password is not part of them: 'password-file' names a file with"
                      + " it. The options, and what of ssh_config is understood, are in"
                      + " docs/targets/sftp.md; files with secrets want 'chmod 600'.");
      case NOT_FOUND ->
          operation.equals("find backup")
              ? Optional.empty()
              : Optional.of(
                  "Check the path: it is absolute, except that /~/ begins in the login directory;"
                      + " with a chroot on the server, the root is another one.");
      case DENIED ->
          Optional.of(
              "The user of the location needs the right to write in that directory; with a"
                  + " chroot, in one below the root. Try 'sftp USER@HOST' and 'mkdir'.");
      case NO_SPACE ->
          Optional.of(
              "Make room on the server, raise the user's quota, or delete old backups:"
                  + " 'openmemory-backup delete NAME'.");
      case UNSUPPORTED ->
          Optional.of(
              operation.equals("read ssh_config")
                  ? "What of ssh_config is understood, with the program ssh and without it, is in"
                      + " docs/targets/sftp.md. The option ssh-config names another file."
                  : "The server has to be an sshd with 'Subsystem sftp', and one of the algorithms that"
                      + " docs/targets/sftp.md lists.");
      case UNAVAILABLE ->
          Optional.of(
              "Check host and port with 'ssh -p PORT USER@HOST', and the network. Then run the"
                  + " command again.");
      case TIMEOUT ->
          Optional.of(
              "Run the command again; over a slow line with a longer 'timeout' (PT2M). A firewall"
                  + " that drops packets looks the same.");
      default -> Optional.empty();
    };
  }
}
