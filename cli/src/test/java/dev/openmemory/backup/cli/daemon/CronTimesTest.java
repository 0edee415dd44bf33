package dev.openmemory.backup.cli.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CronTimesTest {
  /** Clocks are put forward at 2:00, and back at 3:00 (Berlin) or 2:00 (New York). */
  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

  private static final ZoneId NEW_YORK = ZoneId.of("America/New_York");

  private static List<String> next(String expression, ZoneId zone, String after, int number)
      throws BackupException {
    CronTimes times = CronTimes.of(expression, zone);
    List<String> next = new ArrayList<>();
    Instant time = OffsetDateTime.parse(after).toInstant();
    for (int i = 0; i < number; i++) {
      time = times.next(time);
      next.add(time.atZone(zone).toOffsetDateTime().toString());
    }
    return next;
  }

  @ParameterizedTest
  @ValueSource(strings = {"Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "UTC"})
  void aDailyTimeComesOnceOnEachDayOfAYear(ZoneId zone) throws BackupException {
    for (String daily : List.of("30 1 * * *", "30 2 * * *", "0 3 * * *", "daily")) {
      CronTimes times = CronTimes.of(daily, zone);
      Instant time = LocalDate.of(2026, 1, 1).atStartOfDay(zone).toInstant().minusSeconds(1);
      for (int day = 0; day < 365; day++) {
        time = times.next(time);
        assertThat(time.atZone(zone).toLocalDate())
            .isEqualTo(LocalDate.of(2026, 1, 1).plusDays(day));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "UTC"})
  void everyQuarterOfAnHourPassesAsTimeDoes(ZoneId zone) throws BackupException {
    CronTimes times = CronTimes.of("*/15 * * * *", zone);
    Instant time = LocalDate.of(2026, 1, 1).atStartOfDay(zone).toInstant();
    for (int i = 0; i < 365 * 96; i++) {
      Instant next = times.next(time);
      assertThat(Duration.between(time, next)).isEqualTo(Duration.ofMinutes(15));
      time = next;
    }
  }

  @Test
  void aTimeThatTheClockLeavesOutIsLaterByAsMuch() throws BackupException {
    assertThat(next("30 2 * * *", BERLIN, "2026-03-28T12:00:00+01:00", 2))
        .containsExactly("2026-03-29T03:30+02:00", "2026-03-30T02:30+02:00");
    assertThat(next("30 2 * * *", NEW_YORK, "2026-03-07T12:00:00-05:00", 2))
        .containsExactly("2026-03-08T03:30-04:00", "2026-03-09T02:30-04:00");
    // Asked for in the hour after the change, it is still to come.
    assertThat(next("30 2 * * *", BERLIN, "2026-03-29T03:10:00+02:00", 1))
        .containsExactly("2026-03-29T03:30+02:00");
    assertThat(next("0 2 * * *", BERLIN, "2026-03-29T01:59:00+01:00", 2))
        .containsExactly("2026-03-29T03:00+02:00", "2026-03-30T02:00+02:00");
  }

  @Test
  void ofATimeThatComesTwiceTheFirstCounts() throws BackupException {
    assertThat(next("30 2 * * *", BERLIN, "2026-10-24T12:00:00+02:00", 2))
        .containsExactly("2026-10-25T02:30+02:00", "2026-10-26T02:30+01:00");
    assertThat(next("30 1 * * *", NEW_YORK, "2026-10-31T12:00:00-04:00", 2))
        .containsExactly("2026-11-01T01:30-04:00", "2026-11-02T01:30-05:00");
    assertThat(next("30 2 * * *", BERLIN, "2026-10-25T02:10:00+01:00", 1))
        .containsExactly("2026-10-26T02:30+01:00");
  }

  @Test
  void everyHourFollowsTheHoursAsTheyPass() throws BackupException {
    assertThat(next("0 * * * *", BERLIN, "2026-10-25T01:30:00+02:00", 3))
        .containsExactly(
            "2026-10-25T02:00+02:00", "2026-10-25T02:00+01:00", "2026-10-25T03:00+01:00");
    assertThat(next("hourly", BERLIN, "2026-03-29T00:30:00+01:00", 2))
        .containsExactly("2026-03-29T01:00+01:00", "2026-03-29T03:00+02:00");
    assertThat(next("0 * 1 1 *", BERLIN, "2026-01-01T23:30:00+01:00", 1))
        .containsExactly("2027-01-01T00:00+01:00");
  }

  @ParameterizedTest
  @CsvSource({
    "'0 2 * * *', 2026-12-02T02:00Z",
    "@hourly, 2026-12-01T16:00Z",
    "@Daily, 2026-12-02T00:00Z",
    "midnight, 2026-12-02T00:00Z",
    "weekly, 2026-12-06T00:00Z",
    "monthly, 2027-01-01T00:00Z",
    "@yearly, 2027-01-01T00:00Z",
    "annually, 2027-01-01T00:00Z",
    "'0 3 * * mon-fri', 2026-12-02T03:00Z",
    "'0 3 * * 7', 2026-12-06T03:00Z",
    "'0 0 13 * 5', 2026-12-04T00:00Z",
    "'  5   4 * jan *', 2027-01-01T04:05Z",
    "'0 0 29 2 *', 2028-02-29T00:00Z",
  })
  void itReadsWhatCronReads(String expression, String first) throws BackupException {
    assertThat(next(expression, ZoneId.of("UTC"), "2026-12-01T15:00:00Z", 1))
        .containsExactly(first);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", " ", "soon", "@reboot", "0 2 * *", "0 2 * * * *", "60 * * * *", "0 0 30 2 *"})
  void whatHasNoTimesIsRefused(String expression) {
    assertThatThrownBy(() -> CronTimes.of(expression, BERLIN))
        .isInstanceOfSatisfying(
            BackupException.class, e -> assertThat(e.kind()).isEqualTo(Kind.INVALID))
        .hasMessageContaining("'" + expression + "'");
  }
}
