package dev.openmemory.backup.internal.restore;

import java.time.Clock;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/** What names a restore, such as {@code restore-20231215-143022-5f0c9a1e}. */
public final class RestoreId {
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT);

  private RestoreId() {}

  /**
   * For people a time; unique also when two restores begin in one second and both keep what was
   * there.
   */
  static String next(Clock clock) {
    String time = STAMP.format(LocalDateTime.now(clock));
    return "restore-" + time + "-" + UUID.randomUUID().toString().substring(0, 8);
  }

  /**
   * When the restore of that id began; empty for a text that is no id.
   *
   * @param zone of the clock that it had
   */
  public static Optional<Instant> begun(String id, ZoneId zone) {
    try {
      String time = id.replaceFirst("^restore-(.*)-[^-]*$", "$1");
      return Optional.of(LocalDateTime.parse(time, STAMP).atZone(zone).toInstant());
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }
}
