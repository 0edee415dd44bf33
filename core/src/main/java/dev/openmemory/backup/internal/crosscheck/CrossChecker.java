package dev.openmemory.backup.internal.crosscheck;

import dev.openmemory.backup.BackupEvent.Phase;
import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.BackupName;
import dev.openmemory.backup.Installation;
import dev.openmemory.backup.Manifest.Component;
import dev.openmemory.backup.internal.catalog.OpenParts;
import dev.openmemory.backup.internal.catalog.OpenParts.OpenPart;
import dev.openmemory.backup.internal.catalog.StoredBackup;
import dev.openmemory.backup.internal.run.Run;
import dev.openmemory.backup.internal.sqlite.Memories;
import dev.openmemory.backup.internal.sqlite.StagedDatabase;
import dev.openmemory.backup.spi.Capture;
import dev.openmemory.backup.spi.optional.ExposesDatabase;
import dev.openmemory.backup.spi.optional.VectorStore;
import dev.openmemory.backup.verify.CrossCheck;
import java.io.IOException;
import java.util.Optional;

/** Compares memories with the points of a Qdrant that runs now. */
public record CrossChecker(Run.Settings settings) {
  private static final String OPERATION = "compare memories with vectors";

  public CrossCheck live(Installation installation) throws IOException {
    try (Run run = Run.reading(settings)) {
      run.enter(Phase.CROSS_CHECK, Component.DATABASE);
      OpenParts parts = OpenParts.open(run, installation);
      OpenPart database =
          parts.find(Component.DATABASE).orElseThrow(() -> lacks(installation, Component.DATABASE));
      // A memory gets its point before its row, so reading the rows first misses no point.
      try (Capture capture = database.source().capture(run.context())) {
        capture.check();
        if (capture instanceof ExposesDatabase copy) {
          Memories memories = Memories.of(copy);
          return ask(run, installation, parts, store -> compare(run, store, memories));
        }
        throw lacks(installation, Component.DATABASE);
      }
    }
  }

  public CrossCheck ofBackup(BackupName name, Installation installation, boolean texts)
      throws IOException {
    try (Run run = Run.reading(settings);
        StagedDatabase copy = StagedDatabase.inScratch(run.context())) {
      run.enter(Phase.CROSS_CHECK, Component.DATABASE);
      StoredBackup backup = StoredBackup.find(run, name);
      Component database = backup.require(Component.DATABASE, OPERATION);
      copy.fetch(backup.files(database), run.context());
      OpenParts parts = OpenParts.open(run, installation);
      Memories memories = new Memories(copy.file(), name + "/" + StagedDatabase.NAME);
      return ask(
          run,
          installation,
          parts,
          store -> {
            CrossCheck byId = compare(run, store, memories);
            return texts ? byId.withOtherText(otherText(run, store, memories, byId)) : byId;
          });
    }
  }

  private static CrossCheck compare(Run run, VectorStore store, Memories memories)
      throws IOException {
    run.enter(Phase.CROSS_CHECK, Component.VECTORS);
    Optional<String> wanted = Comparison.collection(memories);
    try (AskedPoints asked = AskedPoints.of(store, wanted, IdFolder.of(run.context()))) {
      return of(run, memories, asked, false)
          .orElseThrow(
              () ->
                  Kind.NOT_FOUND.failure(
                      OPERATION,
                      memories.location(),
                      asked.collections().isEmpty()
                          ? "Qdrant has no collection"
                          : "there are no memories, or none of the collections "
                              + asked.collections()
                              + " is theirs"));
    }
  }

  /** Empty when the collection of the memories was not there to be asked for. */
  public static Optional<CrossCheck> of(
      Run run, Memories memories, AskedPoints asked, boolean oneInstant) throws IOException {
    return asked.ids().isPresent()
        ? Optional.of(
            Comparison.of(memories, asked.ids().get(), oneInstant, IdFolder.of(run.context())))
        : Optional.empty();
  }

  private static CrossCheck.Difference otherText(
      Run run, VectorStore store, Memories memories, CrossCheck byId) throws IOException {
    try (PointTexts known = PointTexts.of(store, byId.collection(), IdFolder.of(run.context()))) {
      return known.of(memories);
    }
  }

  private interface Question {
    CrossCheck ask(VectorStore store) throws IOException;
  }

  private static CrossCheck ask(
      Run run, Installation installation, OpenParts parts, Question question) throws IOException {
    return RunningStore.ask(
        run,
        installation,
        parts,
        OPERATION,
        running -> {
          try (VectorStore store = running.open(run.context().cancellation())) {
            return question.ask(store);
          }
        });
  }

  private static BackupException lacks(Installation installation, String part) {
    return Kind.NOT_FOUND.failure(
        OPERATION, installation.home().toString(), "no " + part + " was named");
  }
}
