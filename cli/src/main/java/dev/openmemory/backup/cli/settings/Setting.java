package dev.openmemory.backup.cli.settings;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What the environment and the settings file may set: options of the command line, but for those
 * that a person must mean each time ({@code --yes}, {@code --to}, {@code --dry-run} ...), and
 * hooks, pings and notifications, which have no place on a command line that every user of the host
 * can read.
 */
public enum Setting {
  HOME(Type.PATH),
  TARGET(Type.PATH_OR_URI),
  CONFIG(Type.PATH),
  STORAGE_PATH(Type.PATH),
  DB(Type.PATH),
  CONFIG_JSON(Type.PATH),
  VOLUME(Type.TEXT),
  CONTAINER(Type.TEXT),
  PROJECT(Type.TEXT),
  ONLY(Type.TEXT),
  QDRANT(Type.TEXT),
  QDRANT_URL(Type.TEXT),
  QDRANT_API_KEY_FILE(Type.PATH),
  QUIESCE(Type.TEXT),
  SPOOL(Type.TEXT),
  COMPRESSION(Type.TEXT),
  COMPRESSION_LEVEL(Type.TEXT),
  COMPRESSION_THREADS(Type.TEXT),
  ALLOW_EMPTY_VECTORS(Type.TEXT),
  ALLOW_LIVE_STORAGE(Type.TEXT),
  TAG(Type.TEXT),
  ENCRYPT_TO(Type.TEXT),
  RECIPIENTS_FILE(Type.PATH),
  ALLOW_UNENCRYPTED(Type.TEXT),
  IDENTITY_FILE(Type.FILES),
  WITH_PASSPHRASE(Type.TEXT),
  PASSPHRASE_FILE(Type.PATH),
  SIGN_KEY(Type.PATH),
  REQUIRE_SIGNATURE(Type.PATH),
  ACCEPT_WARNINGS(Type.TEXT),
  PROVE(Type.TEXT),
  ENGINE_PYTHON(Type.PATH),
  LOCK_TIMEOUT(Type.TEXT),
  KEEP_LAST(Type.TEXT),
  KEEP_HOURLY(Type.TEXT),
  KEEP_DAILY(Type.TEXT),
  KEEP_WEEKLY(Type.TEXT),
  KEEP_MONTHLY(Type.TEXT),
  KEEP_YEARLY(Type.TEXT),
  KEEP_WITHIN(Type.TEXT),
  KEEP_TAG(Type.TEXT),
  TIME_ZONE(Type.TEXT),
  SCHEDULE(Type.TEXT),
  SCHEDULE_JITTER(Type.TEXT),
  SCHEDULE_STATE(Type.PATH),
  SCHEDULE_AT_START(Type.TEXT),
  METRICS_PORT(Type.TEXT),
  METRICS_FILE(Type.PATH),
  JSON(Type.TEXT),
  QUIET(Type.TEXT),
  VERBOSE(Type.TEXT),
  NO_PROGRESS(Type.TEXT),
  HOOK_BEFORE(Type.TEXT, false),
  HOOK_AFTER(Type.TEXT, false),
  HOOK_TIMEOUT(Type.TEXT, false),
  HOOK_BEFORE_FAILURE(Type.TEXT, false),
  HOOK_AFTER_FAILURE(Type.TEXT, false),
  PING_URL(Type.TEXT, false),
  PING_URL_FILE(Type.PATH, false),
  PING_METHOD(Type.TEXT, false),
  NOTIFY_ON(Type.TEXT, false),
  NOTIFY_NAME(Type.TEXT, false),
  NOTIFY_WEBHOOK_URL(Type.TEXT, false),
  NOTIFY_WEBHOOK_URL_FILE(Type.PATH, false),
  NOTIFY_WEBHOOK_HEADERS_FILE(Type.PATH, false),
  NOTIFY_WEBHOOK_BODY(Type.TEXT, false),
  NOTIFY_NTFY_URL(Type.TEXT, false),
  NOTIFY_NTFY_URL_FILE(Type.PATH, false),
  NOTIFY_NTFY_TOKEN_FILE(Type.PATH, false),
  NOTIFY_SLACK_URL(Type.TEXT, false),
  NOTIFY_SLACK_URL_FILE(Type.PATH, false),
  NOTIFY_EMAIL_TO(Type.TEXT, false),
  NOTIFY_EMAIL_FROM(Type.TEXT, false),
  NOTIFY_EMAIL_SERVER(Type.TEXT, false),
  NOTIFY_EMAIL_TLS(Type.TEXT, false),
  NOTIFY_EMAIL_LOGIN_FILE(Type.PATH, false);

  /** What a relative value is relative to. */
  enum Type {
    TEXT,
    PATH,
    PATH_OR_URI,
    /** Paths with commas between them. */
    FILES;

    /** The text of a variable; {@code ~} is the home folder where a path begins. */
    String expand(String text) {
      return switch (this) {
        case TEXT -> text;
        case PATH, PATH_OR_URI -> HomeFolder.expand(text);
        case FILES ->
            Arrays.stream(text.split(",", -1))
                .map(HomeFolder::expand)
                .collect(Collectors.joining(","));
      };
    }
  }

  public static final String ENVIRONMENT_PREFIX = "OPENMEMORY_BACKUP_";

  private final Type type;
  private final boolean option;

  Setting(Type type) {
    this(type, true);
  }

  Setting(Type type, boolean option) {
    this.type = type;
    this.option = option;
  }

  /** Whether it can be given on the command line. */
  public boolean isOption() {
    return option;
  }

  Type type() {
    return type;
  }

  /** Whether its value may be, or hold, what is not to be shown. */
  public boolean isSecret() {
    return isSecretOfService() || this == HOOK_BEFORE || this == HOOK_AFTER;
  }

  /** Whether a service knows us by it: anyone who has it can report something in our place. */
  public boolean isSecretOfService() {
    return switch (this) {
      case PING_URL, NOTIFY_WEBHOOK_URL, NOTIFY_WEBHOOK_BODY, NOTIFY_NTFY_URL, NOTIFY_SLACK_URL ->
          true;
      default -> false;
    };
  }

  /** Whether the file may have a list of values. */
  boolean isList() {
    return switch (this) {
      case ONLY, ACCEPT_WARNINGS, NOTIFY_ON, NOTIFY_EMAIL_TO -> true;
      default -> false;
    };
  }

  /** Whether it names files that have to be there. */
  public boolean isFile() {
    return type == Type.FILES
        || this == SIGN_KEY
        || this == REQUIRE_SIGNATURE
        || (type == Type.PATH && name().endsWith("_FILE") && this != METRICS_FILE);
  }

  /** As in the settings file: {@code storage-path}. */
  public String key() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** As on the command line: {@code --storage-path}. */
  public String option() {
    return "--" + key();
  }

  /** As in the environment: {@code OPENMEMORY_BACKUP_STORAGE_PATH}. */
  public String variable() {
    return ENVIRONMENT_PREFIX + name();
  }

  static Optional<Setting> ofKey(String key) {
    return Arrays.stream(values()).filter(s -> s.key().equals(key)).findFirst();
  }

  public static Optional<Setting> ofOption(String option) {
    return Arrays.stream(values())
        .filter(s -> s.isOption() && s.option().equals(option))
        .findFirst();
  }
}
