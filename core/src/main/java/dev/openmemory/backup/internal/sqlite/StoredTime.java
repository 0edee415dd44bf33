package dev.openmemory.backup.internal.sqlite;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Times as OpenMemory keeps them in SQLite, UTC without saying so, and as its export has them. */
public final class StoredTime {
  private static final Pattern TEXT =
      Pattern.compile(
          "(\\d{4}-\\d\\d-\\d\\d)"
              + "(?:[ T](\\d\\d:\\d\\d(?::\\d\\d(?:\\.\\d{1,9})?)?) ?(Z|[+-]\\d\\d:?\\d\\d)?)?");
  private static final DateTimeFormatter SECONDS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss", Locale.ROOT);
  private static final int NANOS_PER_MICRO = 1000;
  private static final int LAST_YEAR = 9999;

  private StoredTime() {}

  /** {@code 2025-01-02T03:04:05.123456+00:00}; empty when the text is no time. */
  public static Optional<String> iso(String text) {
    return utc(text).map(StoredTime::iso);
  }

  /** The time; empty when the text is none. */
  public static Optional<Instant> instant(String text) {
    return utc(text).map(OffsetDateTime::toInstant);
  }

  private static Optional<OffsetDateTime> utc(String text) {
    Matcher parts = TEXT.matcher(text.strip());
    if (!parts.matches()) {
      return Optional.empty();
    }
    try {
      LocalDate date = LocalDate.parse(parts.group(1));
      LocalTime time =
          parts.group(2) == null ? LocalTime.MIDNIGHT : LocalTime.parse(parts.group(2));
      ZoneOffset offset = parts.group(3) == null ? ZoneOffset.UTC : ZoneOffset.of(parts.group(3));
      OffsetDateTime utc =
          LocalDateTime.of(date, time).atOffset(offset).withOffsetSameInstant(ZoneOffset.UTC);
      // The years that OpenMemory's own parser knows.
      return utc.getYear() < 1 || utc.getYear() > LAST_YEAR ? Optional.empty() : Optional.of(utc);
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  /** The time as {@link #iso(String)} gives it. */
  public static String iso(Instant instant) {
    return iso(instant.atOffset(ZoneOffset.UTC));
  }

  private static String iso(OffsetDateTime utc) {
    int micros = utc.getNano() / NANOS_PER_MICRO;
    String fraction = micros == 0 ? "" : String.format(Locale.ROOT, ".%06d", micros);
    return SECONDS.format(utc) + fraction + "+00:00";
  }
}
