package dev.openmemory.backup.cli;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * The options that the environment and the settings file may set too. Left out are those that a
 * person must mean each time ({@code --yes}, {@code --to}, {@code --dry-run} ...).
 */
enum Setting {
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
  COMPRESSION_LEVEL(Type.TEXT),
  COMPRESSION_THREADS(Type.TEXT),
  ALLOW_EMPTY_VECTORS(Type.TEXT),
  ALLOW_LIVE_STORAGE(Type.TEXT),
  JSON(Type.TEXT),
  QUIET(Type.TEXT),
  VERBOSE(Type.TEXT),
  NO_PROGRESS(Type.TEXT);

  /** What a relative value is relative to. */
  enum Type {
    TEXT,
    PATH,
    PATH_OR_URI,
    /** Paths with commas between them; what begins with {@code ~/} is in the home. */
    FILES
  }

  static final String ENVIRONMENT_PREFIX = "OPENMEMORY_BACKUP_";

  private final Type type;

  Setting(Type type) {
    this.type = type;
  }

  Type type() {
    return type;
  }

  /** As in the settings file: {@code storage-path}. */
  String key() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** As on the command line: {@code --storage-path}. */
  String option() {
    return "--" + key();
  }

  /** As in the environment: {@code OPENMEMORY_BACKUP_STORAGE_PATH}. */
  String variable() {
    return ENVIRONMENT_PREFIX + name();
  }

  static Optional<Setting> ofKey(String key) {
    return Arrays.stream(values()).filter(s -> s.key().equals(key)).findFirst();
  }

  static Optional<Setting> ofOption(String option) {
    return Arrays.stream(values()).filter(s -> s.option().equals(option)).findFirst();
  }
}
