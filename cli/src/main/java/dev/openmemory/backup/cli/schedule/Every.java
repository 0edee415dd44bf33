package dev.openmemory.backup.cli.schedule;

/** How often. */
public enum Every {
  /** At the minute of the time of day. */
  HOURLY,
  DAILY,
  /** On Sundays. */
  WEEKLY,
  /** On the first day. */
  MONTHLY
}
