package dev.openmemory.backup.cli.settings.encryption;

import dev.openmemory.backup.Warning;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import picocli.CommandLine.Option;

/** Whether backups without encryption may leave this host. */
public final class PlainCopies {
  static final String CODE = "not-encrypted";

  private static final Pattern REMOTE = Pattern.compile("(?i)(?!file:)[a-z][a-z0-9+.-]+://.*");

  @Option(
      names = "--allow-unencrypted",
      fallbackValue = "true",
      description = "Do not warn of backups without encryption in a remote target (S3, SFTP).")
  boolean allowed;

  /** Whether there is something to warn of at these places, if a backup is not encrypted. */
  public boolean concern(List<String> locations) {
    return !allowed && locations.stream().anyMatch(PlainCopies::isRemote);
  }

  /**
   * One warning for all places that are not on this host.
   *
   * @param what is readable there: {@code the backup is}
   * @param locations of targets, redacted
   */
  public Optional<Warning> warning(String what, List<String> locations) {
    return concern(locations)
        ? Optional.of(
            new Warning(
                CODE,
                what
                    + " not encrypted in "
                    + String.join(", ", locations.stream().filter(PlainCopies::isRemote).toList())
                    + ", so everyone who can read it there can read all memories; encrypt with"
                    + " --encrypt-to (see 'key generate'), or add --allow-unencrypted"))
        : Optional.empty();
  }

  private static boolean isRemote(String location) {
    return REMOTE.matcher(location).matches();
  }
}
