package dev.openmemory.backup.cli;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupName;
import dev.openmemory.backup.BackupSummary;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** There is no backup of that name, but there are some of nearly that name. */
final class UnknownBackupException extends BackupException {
  private static final long serialVersionUID = 1L;
  private static final int MOST_OFFERED = 3;

  private final String[] nearNames;

  UnknownBackupException(BackupException notFound, BackupName wanted, List<BackupSummary> present) {
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
  static List<String> nearest(String wanted, List<String> present) {
    int slips = Math.max(2, wanted.length() / 5);
    return present.stream()
        .filter(name -> name.startsWith(wanted) || distance(wanted, name) <= slips)
        .sorted(
            Comparator.<String>comparingInt(name -> distance(wanted, name))
                .thenComparing(Comparator.naturalOrder()))
        .limit(MOST_OFFERED)
        .toList();
  }

  /** Levenshtein's distance, row by row. */
  private static int distance(String a, String b) {
    int[] row = IntStream.rangeClosed(0, b.length()).toArray();
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int substitution = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(substitution, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
