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
import dev.openmemory.backup.internal.sqlite.DatabaseCapture;
import dev.openmemory.backup.internal.sqlite.Memories;
import dev.openmemory.backup.internal.sqlite.StagedDatabase;
import dev.openmemory.backup.spi.Capture;
import dev.openmemory.backup.spi.WriterControl;
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
        if (capture instanceof DatabaseCapture copy) {
          return compare(run, installation, parts, copy.memories());
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
      CrossCheck byId = compare(run, installation, parts, memories);
      return texts ? byId.withOtherText(otherText(run, parts, memories, byId)) : byId;
    }
  }

  private static CrossCheck compare(
      Run run, Installation installation, OpenParts parts, Memories memories) throws IOException {
    run.enter(Phase.CROSS_CHECK, Component.VECTORS);
    Optional<String> wanted = Comparison.collection(memories);
    try (AskedPoints asked = ask(run, installation, parts, wanted)) {
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
      Run run, OpenParts parts, Memories memories, CrossCheck byId) throws IOException {
    AsksForTexts source =
        source(parts, AsksForTexts.class)
            .orElseThrow(
                () ->
                    new BackupException(
                        Kind.UNSUPPORTED,
                        OPERATION,
                        memories.location(),
                        "texts are only compared with a Qdrant that is named by its address"));
    IdFolder folder = IdFolder.of(run.context());
    try (PointTexts known = source.askForTexts(byId.collection(), folder)) {
      return known.of(memories);
    }
  }

  private static <T> Optional<T> source(OpenParts parts, Class<T> type) {
    return parts
        .find(Component.VECTORS)
        .map(OpenPart::source)
        .filter(type::isInstance)
        .map(type::cast);
  }

  private static AskedPoints ask(
      Run run, Installation installation, OpenParts parts, Optional<String> wanted)
      throws IOException {
    IdFolder folder = IdFolder.of(run.context());
    Optional<AsksForPoints> source = source(parts, AsksForPoints.class);
    Optional<AskedPoints> asked = Optional.empty();
    if (source.isPresent()) {
      asked = source.get().askForPoints(wanted, folder);
    } else if (installation.writers().isPresent()) {
      try (WriterControl control = run.writers().open(installation.writers().get())) {
        if (control instanceof AsksForPoints knows) {
          asked = knows.askForPoints(wanted, folder);
        }
      }
    }
    return asked.orElseThrow(() -> unknown(installation));
  }

  private static BackupException unknown(Installation installation) {
    return new BackupException(
        Kind.UNAVAILABLE,
        OPERATION,
        installation.home().toString(),
        "no running Qdrant is known that could be asked for its points");
  }

  private static BackupException lacks(Installation installation, String part) {
    return Kind.NOT_FOUND.failure(
        OPERATION, installation.home().toString(), "no " + part + " was named");
  }
}
