package dev.openmemory.backup.internal.backup;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Manifest.Component;
import dev.openmemory.backup.internal.catalog.OpenParts.OpenPart;
import dev.openmemory.backup.internal.crosscheck.AskedPoints;
import dev.openmemory.backup.internal.crosscheck.Comparison;
import dev.openmemory.backup.internal.crosscheck.IdFolder;
import dev.openmemory.backup.internal.file.Undo;
import dev.openmemory.backup.internal.pause.HeldWriters;
import dev.openmemory.backup.internal.run.Run;
import dev.openmemory.backup.internal.sqlite.Memories;
import dev.openmemory.backup.spi.Writer;
import dev.openmemory.backup.spi.optional.ExposesDatabase;
import dev.openmemory.backup.spi.optional.OpensVectorStore;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks for the points that the captured memories are compared with, and for no others. */
record PointQuestion(Run run, Captures captures) {
  private static final Logger LOG = LoggerFactory.getLogger(PointQuestion.class);

  /** So many ids take a second or two; the clients of paused writers do not wait for more. */
  private static final long QUICK_IDS = 100_000;

  /** Whether the answer is worth having the writers held for. */
  boolean isQuick() throws IOException {
    return unlessDamaged(memories -> Optional.of(memories.count())).orElse(0L) <= QUICK_IDS;
  }

  /** Asks the source of the vectors, if it can be asked. */
  Optional<AskedPoints> askSource() throws IOException {
    Optional<String> wanted = wanted();
    Optional<OpensVectorStore> source = source();
    return wanted.isPresent() && source.isPresent()
        ? AskedPoints.of(source.get(), wanted, IdFolder.of(run.context()))
        : Optional.empty();
  }

  /** Asks for the points of the instant at which the writers were held, and resumes them. */
  Optional<AskedPoints> askAndResume(HeldWriters holding) throws IOException {
    return source().isPresent()
        ? resume(holding, askSource())
        : askAndResume(holding, wanted(), IdFolder.of(run.context()));
  }

  /** Asks the store for its points when it runs and the others are still held. */
  static Optional<AskedPoints> askAndResume(
      HeldWriters holding, Optional<String> wanted, IdFolder folder) throws IOException {
    Optional<OpensVectorStore> store = holding.store();
    if (wanted.isEmpty() || store.isEmpty() || holding.writers().isEmpty()) {
      return resume(holding, Optional.empty());
    }
    return resume(holding, lenient(() -> askFirst(holding, store.get(), wanted, folder), folder));
  }

  /** Resumes the writers, and asks for the points that are there then. */
  Optional<AskedPoints> resumeAndAsk(HeldWriters holding) throws IOException {
    if (source().isPresent()) {
      holding.resume();
      return askSource();
    }
    return resumeAndAsk(holding, wanted(), IdFolder.of(run.context()));
  }

  /** Asks a store with many points when all writers run again. */
  static Optional<AskedPoints> resumeAndAsk(
      HeldWriters holding, Optional<String> wanted, IdFolder folder) throws IOException {
    holding.resume();
    Optional<OpensVectorStore> store = holding.store();
    return wanted.isPresent() && store.isPresent()
        ? lenient(() -> AskedPoints.of(store.get(), wanted, folder), folder)
        : Optional.empty();
  }

  private static Optional<AskedPoints> resume(HeldWriters holding, Optional<AskedPoints> asked)
      throws IOException {
    try {
      holding.resume();
      return asked;
    } catch (IOException | RuntimeException e) {
      if (asked.isPresent()) {
        Undo.after(e, asked.get()::close);
      }
      throw e;
    }
  }

  private static Optional<AskedPoints> askFirst(
      HeldWriters holding, OpensVectorStore store, Optional<String> wanted, IdFolder folder)
      throws IOException {
    // The store, which the others ask, is held last.
    List<Writer> writers = holding.writers();
    Writer last = writers.get(writers.size() - 1);
    holding.resume(last);
    holding.awaitReady(last, folder.cancellation());
    return AskedPoints.of(store, wanted, folder);
  }

  private interface Question {
    Optional<AskedPoints> ask() throws IOException;
  }

  /** Without an answer of the store only the comparison is left out. */
  private static Optional<AskedPoints> lenient(Question question, IdFolder folder)
      throws IOException {
    try {
      return question.ask();
    } catch (BackupException e) {
      if (e.kind() == Kind.CANCELLED || folder.isPlaceOf(e)) {
        throw e;
      }
      LOG.debug("The store does not report its points", e);
      return Optional.empty();
    }
  }

  /** The collection of the memories; empty when nothing is compared. */
  Optional<String> wanted() throws IOException {
    return unlessDamaged(Comparison::collection);
  }

  private interface Look<T> {
    Optional<T> at(Memories memories) throws IOException;
  }

  /** The check of the database, which comes later, says more of a damaged one. */
  private <T> Optional<T> unlessDamaged(Look<T> look) throws IOException {
    Optional<ExposesDatabase> database = captures.find(ExposesDatabase.class);
    if (database.isEmpty() || !captures.facts().containsKey(Component.VECTORS)) {
      return Optional.empty();
    }
    try {
      return look.at(Memories.of(database.get()));
    } catch (BackupException e) {
      if (e.kind() != Kind.CORRUPT) {
        throw e;
      }
      LOG.debug("The database is damaged, so nothing is compared", e);
      return Optional.empty();
    }
  }

  private Optional<OpensVectorStore> source() {
    return captures.all().keySet().stream()
        .filter(part -> part.component().equals(Component.VECTORS))
        .map(OpenPart::source)
        .filter(OpensVectorStore.class::isInstance)
        .map(OpensVectorStore.class::cast)
        .findFirst();
  }
}
