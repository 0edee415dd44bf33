package dev.openmemory.backup.cli.command.config;

/** The text of a new settings file. */
final class SettingsTemplate {
  private static final String TEXT =
      """
      # Settings of openmemory-backup, for all commands that work on this folder.
      # 'openmemory-backup config check' checks this file, 'config show' shows what counts.
      # An option on the command line, and a variable OPENMEMORY_BACKUP_..., come before it.

      # OpenMemory as it was found. It is looked for in each run, so this needs no setting:
      FOUND
      PARTS
      # Where backups are kept: a directory, s3://bucket/prefix or sftp://user@host/path; or a list.
      TARGETS
      # How many backups are kept. Without these lines all of them are.
      #keep-daily: 7
      #keep-weekly: 4
      #keep-monthly: 12

      # When 'openmemory-backup schedule run' makes a backup: minute, hour, day, month, weekday.
      #schedule: "0 2 * * *"
      #time-zone: Europe/Berlin

      # Encrypt to this public key. 'openmemory-backup key generate -o FILE' makes one. Keep FILE elsewhere.
      #encrypt-to: age1...

      # A monitoring service that is told of each backup. The address is a secret, so it is in a file.
      #ping-url-file: /etc/openmemory-ping-url

      # Messages when backups fail and work again. 'openmemory-backup notify test' tries it. Their addresses are secrets.
      #notify-ntfy-url-file: /etc/openmemory-ntfy-url
      #notify-slack-url-file: /etc/openmemory-slack-url
      #notify-email-to: me@example.org
      #notify-email-from: backup@example.org
      #notify-email-server: smtp.example.org
      #notify-email-login-file: /etc/openmemory-mail-login
      #notify-on: [failure, recovery, weekly]

      # Warnings that you know. Without them in the list, a backup with warnings ends with 3.
      #accept-warnings: [literal-key]
      """;

  private SettingsTemplate() {}

  /**
   * Fills in what is known.
   *
   * @param found lines of comments, without a line end at the end
   * @param parts lines of settings, which may be none
   */
  static String text(String found, String parts, String targets) {
    return TEXT.replace("FOUND\n", found.isEmpty() ? "#   nothing\n" : found + "\n")
        .replace("PARTS\n", parts + "\n")
        .replace("TARGETS\n", targets);
  }
}
