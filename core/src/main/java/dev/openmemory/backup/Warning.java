package dev.openmemory.backup;

/**
 * Something that a person should look at although the work went on.
 *
 * @param code stable, for programs: {@code literal-key}, {@code config-not-json}, {@code
 *     not-a-regular-file} ...
 * @param message for people; names the place and never a secret
 */
public record Warning(String code, String message) {
  /**
   * The code of a backup that holds less than half of what the one before it held. It is sound, but
   * nothing is deleted because of it.
   */
  public static final String SHRUNK = "shrunk";

  /**
   * The code of a key that is in the backup as plain text; an encrypted backup has no such text.
   */
  public static final String LITERAL_KEY = "literal-key";

  /** The code of a problem for which a backup would fail; see {@link Backups#preflight}. */
  public static final String WOULD_FAIL = "backup-would-fail";

  /**
   * The code of a backup for which nothing was paused, although the request would have it, as the
   * installation names nothing that writes.
   */
  public static final String NOT_PAUSED = "not-paused";

  /** The code of a target that a backup does not get to although it gets to others. */
  public static final String MISSED = "target-missed";
}
