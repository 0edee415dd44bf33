package dev.openmemory.backup.internal.retention;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.internal.retention.Retention.Candidate;
import dev.openmemory.backup.prune.RetentionPolicy;
import dev.openmemory.backup.prune.RetentionPolicy.Interval;
import dev.openmemory.backup.testconditions.Seeds;
import dev.openmemory.backup.testconditions.Soak;
import dev.openmemory.backup.testconditions.SoakTest;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.Period;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The rules against a second formulation of them, and the guide's practice over years. */
class RetentionTest {
  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

  /** The first backups of 2024 are of its first week, and Monday is the 1st. */
  private static final LocalDate FIRST_DAY = LocalDate.of(2024, 1, 1);

  private static final Set<String> FULL = Set.of("config", "database", "vectors");

  private static final RetentionPolicy GUIDE =
      RetentionPolicy.in(BERLIN)
          .keep(Interval.DAY, 7)
          .keep(Interval.WEEK, 4)
          .keep(Interval.MONTH, 12);

  @Test
  void theGuidesPracticeOverAYearAndAQuarter() {
    practise(Seeds.random(), 456);
  }

  @SoakTest
  void theGuidesPracticeOverThreeYears() throws Exception {
    Soak.rounds(random -> practise(random, 3 * 365));
  }

  /** At half past two, an hour that one day of spring does not have and one of autumn has twice. */
  private static void practise(Random random, int days) {
    List<Candidate> history = new ArrayList<>();
    List<Candidate> held = new ArrayList<>();
    for (int day = 0; day < days; day++) {
      LocalDate date = FIRST_DAY.plusDays(day);
      boolean gap = random.nextInt(10) == 0 || (day % 400 > 200 && day % 400 < 245);
      if (!gap) {
        Candidate made = candidate(date.atTime(2, 30).atZone(BERLIN).toInstant(), true);
        history.add(made);
        held.add(made);
      }
      // A new backup never brings back an old one, so all of them are asked about now and then.
      List<Candidate> asked = day % 91 == 90 ? history : List.copyOf(held);
      Set<String> kept = kept(GUIDE, held);
      held.removeIf(candidate -> !kept.contains(candidate.name()));
      assertThat(names(held)).as("on %s", date).isEqualTo(expected(GUIDE, asked, history));
    }
    assertThat(held).hasSizeBetween(12, 7 + 4 + 12);
  }

  @Test
  void someRandomBackupsAndPolicies() {
    randomBackupsAndPolicies(Seeds.random(), 40);
  }

  @SoakTest
  void manyRandomBackupsAndPolicies() throws Exception {
    Soak.rounds(random -> randomBackupsAndPolicies(random, 300));
  }

  private static void randomBackupsAndPolicies(Random random, int rounds) {
    for (String zone :
        List.of("Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe", "Asia/Beirut", "UTC")) {
      for (int round = 0; round < rounds; round++) {
        RetentionPolicy policy = policy(random, ZoneId.of(zone));
        List<Candidate> candidates = candidates(random);
        assertThat(kept(policy, candidates))
            .as("%s of %s", policy, candidates)
            .isEqualTo(expected(policy, candidates, candidates));
      }
    }
  }

  @Test
  void eachReasonIsNamed() {
    Instant newest = Instant.parse("2026-01-05T01:00:00Z");
    List<Candidate> candidates =
        List.of(
            candidate(newest, true),
            candidate(newest.minus(Duration.ofDays(1)), true),
            new Candidate(
                "old", newest.minus(Duration.ofDays(900)), true, Set.of("release"), FULL));
    RetentionPolicy policy =
        RetentionPolicy.in(BERLIN)
            .keepLast(1)
            .keep(Interval.HOUR, 1)
            .keep(Interval.DAY, 1)
            .keep(Interval.WEEK, 2)
            .keep(Interval.MONTH, 1)
            .keep(Interval.YEAR, 1)
            .keepWithin(Period.ofDays(1))
            .keepTags(Set.of("release"));
    Map<String, List<String>> reasons = Retention.reasons(policy, candidates);
    assertThat(reasons.get(newest.toString()))
        .containsExactly(
            "last 1",
            "hourly 2026-01-05 02h +01:00",
            "daily 2026-01-05",
            "weekly 2026-W02",
            "monthly 2026-01",
            "yearly 2026",
            "within P1D");
    assertThat(reasons.get("2026-01-04T01:00:00Z"))
        .containsExactly("weekly 2026-W01", "within P1D");
    assertThat(reasons.get("old")).containsExactly("tag release");
  }

  @Test
  void anHourThatComesTwiceIsTwoHours() {
    Instant first = ZonedDateTime.of(2026, 10, 25, 2, 10, 0, 0, BERLIN).toInstant();
    Instant second = first.plus(Duration.ofHours(1));
    List<Candidate> candidates = List.of(candidate(first, true), candidate(second, true));
    assertThat(LocalDateTime.ofInstant(second, BERLIN).getHour()).isEqualTo(2);
    assertThat(kept(RetentionPolicy.in(BERLIN).keep(Interval.HOUR, 2), candidates)).hasSize(2);
    assertThat(kept(RetentionPolicy.in(BERLIN).keep(Interval.DAY, 2), candidates)).hasSize(1);
  }

  @Test
  void suspiciousBackupsDoNotCountAndAreRemovedWhenTheirTimeIsOver() {
    Instant day = Instant.parse("2026-03-10T12:00:00Z");
    Candidate good = candidate(day, true);
    Candidate suspicious = candidate(day.plus(Duration.ofHours(1)), false);
    Candidate old = candidate(day.minus(Duration.ofDays(30)), false);
    RetentionPolicy oneDay = RetentionPolicy.in(BERLIN).keep(Interval.DAY, 1);
    assertThat(kept(oneDay, List.of(good, suspicious, old)))
        .containsExactlyInAnyOrder(good.name(), suspicious.name());
  }

  @Test
  void aBackupOfFewerComponentsTakesNoPlaceFromOneOfMore() {
    Instant day = Instant.parse("2026-03-10T12:00:00Z");
    Candidate full = candidate(day, true);
    Candidate older = candidate(day.minus(Duration.ofHours(1)), true);
    Candidate partly = partly(day.plus(Duration.ofHours(1)));
    Candidate partlyBefore = partly(day.minus(Duration.ofHours(2)));
    RetentionPolicy oneDay = RetentionPolicy.in(BERLIN).keep(Interval.DAY, 1);
    assertThat(kept(oneDay, List.of(full, older, partly, partlyBefore)))
        .containsExactlyInAnyOrder(full.name(), partly.name());
    assertThat(kept(oneDay, List.of(full, partlyBefore))).containsExactly(full.name());
  }

  private static Candidate partly(Instant created) {
    return new Candidate(created.toString(), created, true, Set.of(), Set.of("config"));
  }

  private static Set<String> components(Random random) {
    return switch (random.nextInt(4)) {
      case 0 -> Set.of("config");
      case 1 -> Set.of("database", "config");
      default -> FULL;
    };
  }

  private static Candidate candidate(Instant created, boolean counts) {
    return new Candidate(created.toString(), created, counts, Set.of(), FULL);
  }

  private static List<Candidate> candidates(Random random) {
    Set<Instant> times = new HashSet<>();
    Instant base = LocalDate.of(2026, 3, 1).atStartOfDay(BERLIN).toInstant();
    long minutes = random.nextBoolean() ? 60 * 24 * 40 : 60 * 24 * 900;
    for (int i = random.nextInt(40); i >= 0; i--) {
      times.add(base.plus(Duration.ofMinutes((long) (random.nextDouble() * minutes))));
    }
    List<Candidate> all = new ArrayList<>();
    for (Instant time : times) {
      Set<String> tags = random.nextInt(8) == 0 ? Set.of("keep") : Set.of("other");
      all.add(
          new Candidate(time.toString(), time, random.nextInt(5) != 0, tags, components(random)));
    }
    return all;
  }

  private static RetentionPolicy policy(Random random, ZoneId zone) {
    RetentionPolicy policy = RetentionPolicy.in(zone).keepLast(random.nextInt(3));
    for (Interval interval : Interval.values()) {
      policy = policy.keep(interval, random.nextInt(3) == 0 ? random.nextInt(6) : 0);
    }
    if (random.nextInt(4) == 0) {
      policy = policy.keepWithin(Period.of(0, random.nextInt(2), random.nextInt(20)));
    }
    return random.nextInt(4) == 0 ? policy.keepTags(Set.of("keep")) : policy;
  }

  private static Set<String> kept(RetentionPolicy policy, List<Candidate> candidates) {
    return Retention.reasons(policy, candidates).entrySet().stream()
        .filter(reasons -> !reasons.getValue().isEmpty())
        .map(Map.Entry::getKey)
        .collect(Collectors.toSet());
  }

  private static Set<String> names(List<Candidate> candidates) {
    return candidates.stream().map(Candidate::name).collect(Collectors.toSet());
  }

  /** The second formulation: a question about each backup alone, with periods as numbers. */
  private static Set<String> expected(
      RetentionPolicy policy, List<Candidate> asked, List<Candidate> all) {
    List<Candidate> newestFirst =
        all.stream().sorted(Comparator.comparing(Candidate::created).reversed()).toList();
    List<Candidate> counting = newestFirst.stream().filter(Candidate::counts).toList();
    return asked.stream()
        .filter(c -> isKept(policy, c, rivals(c, c.counts() ? counting : newestFirst)))
        .map(Candidate::name)
        .collect(Collectors.toSet());
  }

  private static List<Candidate> rivals(Candidate candidate, List<Candidate> all) {
    return all.stream().filter(c -> c.components().containsAll(candidate.components())).toList();
  }

  private static boolean isKept(
      RetentionPolicy policy, Candidate candidate, List<Candidate> rivals) {
    if (newer(rivals, candidate).limit(policy.last()).count() < policy.last()
        || policy.tags().stream().anyMatch(candidate.tags()::contains)) {
      return true;
    }
    if (policy.within().isPresent()) {
      Instant newest =
          rivals.stream().map(Candidate::created).max(Instant::compareTo).orElseThrow();
      ZonedDateTime end = candidate.created().atZone(policy.zone());
      if (!newest.atZone(policy.zone()).minus(policy.within().get()).isAfter(end)) {
        return true;
      }
    }
    return policy.periods().entrySet().stream()
        .anyMatch(
            rule -> {
              // As many periods as there are places say enough.
              Set<Long> periods =
                  newer(rivals, candidate)
                      .map(r -> number(rule.getKey(), r.created(), policy.zone()))
                      .distinct()
                      .limit(rule.getValue())
                      .collect(Collectors.toSet());
              long own = number(rule.getKey(), candidate.created(), policy.zone());
              return periods.size() < rule.getValue() && !periods.contains(own);
            });
  }

  private static Stream<Candidate> newer(List<Candidate> newestFirst, Candidate candidate) {
    return newestFirst.stream().takeWhile(r -> r.created().isAfter(candidate.created()));
  }

  private static long number(Interval interval, Instant instant, ZoneId zone) {
    ZonedDateTime time = instant.atZone(zone);
    LocalDate date = time.toLocalDate();
    return switch (interval) {
      case HOUR -> time.truncatedTo(ChronoUnit.HOURS).toEpochSecond();
      case DAY -> date.toEpochDay();
      // The first of January 1970 was a Thursday.
      case WEEK -> Math.floorDiv(date.toEpochDay() + 3, 7);
      case MONTH -> date.getYear() * 12L + date.getMonthValue();
      case YEAR -> date.getYear();
    };
  }
}
