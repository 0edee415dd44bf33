package dev.openmemory.backup.prune;

import java.time.Period;
import java.time.ZoneId;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Which backups of an installation are kept. A backup is kept when any of the rules keeps it.
 *
 * <p>A period without a backup takes no place: {@code keep(DAY, 7)} keeps the newest backup of each
 * of the last seven days <em>that have one</em>. Immutable.
 *
 * @param last so many of the newest are kept
 * @param periods of the newest so many periods that have a backup, its newest is kept
 * @param within all are kept that are no older than that before the newest backup, by the calendar
 *     of the zone; not before now, so that nothing goes while no backups are made
 * @param tags backups with one of these are kept
 * @param zone in which hours, days, weeks (from Monday, as ISO 8601 has them), months and years
 *     begin
 */
public record RetentionPolicy(
    int last,
    Map<Interval, Integer> periods,
    Optional<Period> within,
    Set<String> tags,
    ZoneId zone) {

  /** What a period is. */
  public enum Interval {
    HOUR,
    DAY,
    WEEK,
    MONTH,
    YEAR
  }

  /**
   * Copies the collections.
   *
   * @throws IllegalArgumentException when a number or the period is negative
   */
  public RetentionPolicy {
    Map<Interval, Integer> counts = new EnumMap<>(Interval.class);
    periods.forEach((interval, count) -> counts.put(interval, requireCount(count)));
    counts.values().removeIf(count -> count == 0);
    periods = Collections.unmodifiableMap(counts);
    requireCount(last);
    if (within.isPresent() && within.get().isNegative()) {
      throw new IllegalArgumentException("a negative period: " + within.get());
    }
    tags = Set.copyOf(tags);
    Objects.requireNonNull(zone);
  }

  /** Keeps nothing yet. */
  public static RetentionPolicy in(ZoneId zone) {
    return new RetentionPolicy(0, Map.of(), Optional.empty(), Set.of(), zone);
  }

  /** The same, keeping so many of the newest. */
  public RetentionPolicy keepLast(int count) {
    return new RetentionPolicy(count, periods, within, tags, zone);
  }

  /** The same, keeping the newest of each of so many periods. */
  public RetentionPolicy keep(Interval interval, int count) {
    Map<Interval, Integer> changed = new EnumMap<>(Interval.class);
    changed.putAll(periods);
    changed.put(interval, count);
    return new RetentionPolicy(last, changed, within, tags, zone);
  }

  /** The same, keeping what is no older than that before the newest. */
  public RetentionPolicy keepWithin(Period period) {
    return new RetentionPolicy(last, periods, Optional.of(period), tags, zone);
  }

  /** The same, keeping what has one of these tags. */
  public RetentionPolicy keepTags(Set<String> kept) {
    return new RetentionPolicy(last, periods, within, kept, zone);
  }

  /** Whether there is no rule that could keep anything. */
  public boolean isEmpty() {
    return last == 0 && periods.isEmpty() && within.isEmpty() && tags.isEmpty();
  }

  private static int requireCount(int count) {
    if (count < 0) {
      throw new IllegalArgumentException("a negative number of backups: " + count);
    }
    return count;
  }
}
