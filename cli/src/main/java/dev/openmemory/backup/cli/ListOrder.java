package dev.openmemory.backup.cli;

import dev.openmemory.backup.BackupSummary;
import java.util.Comparator;

/** What a list is sorted by; equal ones by name. */
enum ListOrder {
  NAME(Comparator.comparing(BackupSummary::name)),
  CREATED(Comparator.comparing(BackupSummary::created)),
  SIZE(Comparator.comparingLong(BackupSummary::storedBytes));

  private final Comparator<BackupSummary> order;

  ListOrder(Comparator<BackupSummary> order) {
    this.order = order;
  }

  Comparator<BackupSummary> comparator(boolean reverse) {
    Comparator<BackupSummary> whole = order.thenComparing(BackupSummary::name);
    return reverse ? whole.reversed() : whole;
  }
}
