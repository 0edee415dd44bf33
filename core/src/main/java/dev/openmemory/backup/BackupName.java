package dev.openmemory.backup;

import dev.openmemory.backup.BackupException.Kind;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * The name of a backup, as a person types it and as its folder is called.
 *
 * <p>1 to 128 characters of {@code A-Z a-z 0-9 . _ -}, starting with a letter, a digit or an
 * underscore, without {@code ".."}: a name never becomes a path by accident.
 */
public record BackupName(String value) implements Comparable<BackupName> {
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT);

  /**
   * Checks the name.
   *
   * @throws IllegalArgumentException when the name breaks the rule above; {@link #parse} is the
   *     checked twin
   */
  public BackupName {
    ObjectName.requireSegment(value);
  }

  /**
   * The name that a person gave.
   *
   * @throws BackupException of kind {@code INVALID}, naming the rule, when it is not a valid name
   */
  public static BackupName parse(String text) throws BackupException {
    try {
      return new BackupName(text);
    } catch (IllegalArgumentException e) {
      throw Kind.INVALID.failure("backup name", "", String.valueOf(e.getMessage()), e);
    }
  }

  /** A generated name as the guide's scripts make it: {@code openmemory-backup-20231215-143022}. */
  public static BackupName generated(LocalDateTime localTime) {
    return new BackupName("openmemory-backup-" + STAMP.format(localTime));
  }

  /** The object of this backup with the given file name. */
  public ObjectName file(String fileName) {
    return new ObjectName(value + "/" + fileName);
  }

  @Override
  public int compareTo(BackupName other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
