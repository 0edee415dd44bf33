package dev.openmemory.backup.internal.restore;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.Facts;
import dev.openmemory.backup.internal.catalog.OpenParts.OpenPart;
import dev.openmemory.backup.internal.restore.Reversal.Before;
import dev.openmemory.backup.internal.run.Run;
import dev.openmemory.backup.internal.swap.KeepsPrevious;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a restore notes of the data that it is going to replace. */
record PresentData(Run run) {
  private static final String COLLECTIONS = "collections";
  private static final String POINTS = "points";

  Optional<Reversal> noted(Replacement replacement) throws IOException {
    Optional<Reversal> reversal = replacement.reversal();
    if (reversal.isEmpty()) {
      return reversal;
    }
    Map<String, Before> before = new LinkedHashMap<>();
    for (OpenPart part : replacement.parts()) {
      before.put(part.component(), before(part));
    }
    return reversal.map(known -> known.with(before));
  }

  private Before before(OpenPart part) throws IOException {
    return part.source() instanceof KeepsPrevious source
        ? new Before(Optional.of(source.place()), look(part))
        : new Before(Optional.empty(), Facts.NONE);
  }

  /** What cannot be looked at, such as a damaged storage, is replaced all the same. */
  private Facts look(OpenPart part) throws IOException {
    try {
      List<String> names = part.source().look(run.quietContext()).texts(COLLECTIONS);
      return names.isEmpty() ? Facts.NONE : new Facts(Map.of(COLLECTIONS, names));
    } catch (BackupException e) {
      e.throwIfCancelled();
      return Facts.NONE;
    }
  }

  /** The reported facts that a confirmation compares. */
  static Map<String, Facts> reported(Map<String, Facts> observed) {
    Map<String, Facts> reported = new LinkedHashMap<>();
    observed.forEach(
        (component, facts) -> {
          if (facts.values().get(POINTS) instanceof Map<?, ?> points) {
            List<String> names = points.keySet().stream().map(String::valueOf).toList();
            reported.put(component, new Facts(Map.of(COLLECTIONS, names, POINTS, points)));
          }
        });
    return reported;
  }
}
