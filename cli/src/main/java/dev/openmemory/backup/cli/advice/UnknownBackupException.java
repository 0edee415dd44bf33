package dev.openmemory.backup.cli.advice;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupName;
import dev.openmemory.backup.BackupSummary;
import dev.openmemory.backup.internal.text.EditDistance;
import java.util.Comparator;
import java.util.List;

/** There is no backup of that name, but there are some of nearly that name. */
public final class UnknownBackupException extends BackupException {
  private static final long serialVersionUID = 1L;
  private static final int MOST_OFFERED = 3;

  private final String[] nearNames;

  public UnknownBackupException(
      BackupException notFound, BackupName wanted, List<BackupSummary> present) {
    super(notFound.kind(), notFound.operation(), notFound.location(), notFound.fact(), notFound);
    this.nearNames =
        nearest(wanted.value(), present.stream().map(b -> b.name().value()).toList())
            .toArray(String[]::new);
  }

  /** Nearest first. */
  List<String> nearNames() {
    return List.of(nearNames);
  }

  /** Names that begin alike, and names that a few slips of the finger make of one another. */
  public static List<String> nearest(String wanted, List<String> present) {
    int slips = Math.max(2, wanted.length() / 5);
    return present.stream()
        .filter(name -> name.startsWith(wanted) || EditDistance.between(wanted, name) <= slips)
        .sorted(
            Comparator.<String>comparingInt(name -> EditDistance.between(wanted, name))
                .thenComparing(Comparator.naturalOrder()))
        .limit(MOST_OFFERED)
        .toList();
  }
}
