package dev.openmemory.backup.cli.settings;

import dev.openmemory.backup.BackupSummary;
import java.util.Comparator;

/** What a list is sorted by; equal ones by name. */
public enum ListOrder {
  NAME,
  CREATED,
  SIZE;

  public Comparator<BackupSummary> comparator(boolean reverse) {
    Comparator<BackupSummary> order =
        switch (this) {
          case NAME -> Comparator.comparing(BackupSummary::name);
          case CREATED -> Comparator.comparing(BackupSummary::created);
          case SIZE -> Comparator.comparingLong(BackupSummary::storedBytes);
        };
    Comparator<BackupSummary> whole = order.thenComparing(BackupSummary::name);
    return reverse ? whole.reversed() : whole;
  }
}
