package dev.openmemory.backup.internal.text;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** Names that a person may have meant. */
public final class NearNames {
  private static final int MOST_OFFERED = 3;

  private NearNames() {}

  /** Names that contain the wanted one, or differ from it by few characters; nearest first. */
  public static List<String> of(String wanted, Collection<String> present) {
    int slips = Math.max(2, wanted.length() / 5);
    return present.stream()
        .filter(name -> name.contains(wanted) || EditDistance.between(wanted, name) <= slips)
        .sorted(
            Comparator.<String>comparingInt(name -> EditDistance.between(wanted, name))
                .thenComparing(Comparator.naturalOrder()))
        .limit(MOST_OFFERED)
        .toList();
  }
}
