package dev.openmemory.backup.docker.internal.discovery;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Names that a person may have meant. */
final class NearNames {
  private static final int MOST_OFFERED = 3;

  private NearNames() {}

  /** Those that a few slips of the finger make of the wanted one, or that contain it. */
  static List<String> of(String wanted, Collection<String> present) {
    int slips = Math.max(2, wanted.length() / 5);
    return present.stream()
        .filter(name -> name.contains(wanted) || distance(wanted, name) <= slips)
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
