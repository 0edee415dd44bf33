package dev.openmemory.backup.internal.diff;

import dev.openmemory.backup.BackupEvent.Phase;
import dev.openmemory.backup.Facts;
import dev.openmemory.backup.Manifest.Component;
import dev.openmemory.backup.Warning;
import dev.openmemory.backup.diff.BackupDiff.Collection;
import dev.openmemory.backup.diff.BackupDiff.Points;
import dev.openmemory.backup.internal.catalog.StoredBackup;
import dev.openmemory.backup.internal.run.Run;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Compares the collections of two backups by what their manifests state. A backup without a
 * manifest is asked for the collections in its archive, which has to be read to its end; how many
 * points they have is not to be seen there.
 *
 * @param identical whether the vectors of both are the same bytes, so that nothing is unknown
 */
record CollectionDifference(
    StoredBackup before, StoredBackup after, boolean identical, List<Warning> notCompared) {
  private static final String COLLECTIONS = "collections";

  List<Collection> find() throws IOException {
    Optional<Facts> first = facts(before);
    Optional<Facts> second = facts(after);
    if (first.isEmpty() || second.isEmpty()) {
      return List.of();
    }
    Set<String> names = new TreeSet<>(first.get().texts(COLLECTIONS));
    names.addAll(second.get().texts(COLLECTIONS));
    List<Collection> collections = new ArrayList<>();
    for (String name : names) {
      collections.add(new Collection(name, points(first.get(), name), points(second.get(), name)));
    }
    tellUnknown(before, first.get(), collections.stream().map(Collection::before).toList());
    tellUnknown(after, second.get(), collections.stream().map(Collection::after).toList());
    return collections;
  }

  private static Optional<Points> points(Facts facts, String collection) {
    return facts.texts(COLLECTIONS).contains(collection)
        ? Optional.of(new Points(facts.number("points", collection)))
        : Optional.empty();
  }

  private Optional<Facts> facts(StoredBackup backup) throws IOException {
    Optional<Component> vectors = backup.component(Component.VECTORS);
    if (vectors.isEmpty()) {
      tell("no-vectors", "backup " + backup.summary().name() + " has no vectors");
      return Optional.empty();
    }
    if (backup.summary().manifest().isPresent()) {
      return vectors.map(Component::facts);
    }
    Run run = backup.run();
    run.enter(Phase.PREPARE, Component.VECTORS + " of " + backup.summary().name());
    Optional<Facts> found =
        backup.read(() -> backup.files(vectors.get()).inspect(run.quietContext()));
    return found.or(() -> vectors.map(Component::facts));
  }

  private void tellUnknown(StoredBackup backup, Facts facts, List<Optional<Points>> points) {
    if (!facts.values().containsKey(COLLECTIONS)) {
      tell(
          "collections-unknown",
          "the collections were not recorded in backup " + backup.summary().name());
    } else if (!identical
        && points.stream().flatMap(Optional::stream).anyMatch(p -> p.exact().isEmpty())) {
      tell(
          "points-unknown",
          "the number of vectors was not recorded in backup " + backup.summary().name());
    }
  }

  private void tell(String code, String message) {
    notCompared.add(new Warning(code, message));
  }
}
