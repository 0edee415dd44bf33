package dev.openmemory.backup.cli.settings;

import dev.openmemory.backup.BackupTargets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * An option of the targets of one URI scheme, which the environment and the settings file may set
 * too. In a URI it is a part of the query.
 *
 * @param scheme such as {@code s3}
 * @param option as in the query of a URI: {@code part-size}
 */
record TargetSetting(String scheme, String option) {
  private static final Set<String> FILES_OF_SSH =
      Set.of("identity-file", "passphrase-file", "password-file", "known-hosts", "ssh-config");

  /** All that the targets on the class path have. */
  static List<TargetSetting> all() {
    return BackupTargets.options().entrySet().stream()
        .flatMap(of -> of.getValue().stream().sorted().map(o -> new TargetSetting(of.getKey(), o)))
        .toList();
  }

  /** As in the settings file: {@code s3-part-size}. */
  String key() {
    return scheme + "-" + option;
  }

  /** As in the environment: {@code OPENMEMORY_BACKUP_S3_PART_SIZE}. */
  String variable() {
    return Setting.ENVIRONMENT_PREFIX + key().toUpperCase(Locale.ROOT).replace('-', '_');
  }

  /** What a relative value is relative to. */
  Setting.Type type() {
    if (scheme.equals("sftp") && FILES_OF_SSH.contains(option)) {
      return Setting.Type.FILES;
    }
    return option.endsWith("-file") ? Setting.Type.PATH : Setting.Type.TEXT;
  }

  static Optional<TargetSetting> ofKey(String key) {
    return all().stream().filter(setting -> setting.key().equals(key)).findFirst();
  }
}
