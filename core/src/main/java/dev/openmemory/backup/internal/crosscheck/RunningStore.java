package dev.openmemory.backup.internal.crosscheck;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.Installation;
import dev.openmemory.backup.Manifest.Component;
import dev.openmemory.backup.internal.catalog.OpenParts;
import dev.openmemory.backup.internal.catalog.OpenParts.OpenPart;
import dev.openmemory.backup.internal.run.Run;
import dev.openmemory.backup.spi.WriterControl;
import dev.openmemory.backup.spi.optional.OpensVectorStore;
import dev.openmemory.backup.spi.optional.VectorStore;
import java.io.IOException;
import java.util.Optional;

/**
 * The vector store of an installation that runs now.
 *
 * @param operation for messages
 */
public record RunningStore(OpensVectorStore knows, Installation installation, String operation) {
  /** What is done with it. */
  public interface Question<T> {
    T ask(RunningStore store) throws IOException;
  }

  /** Asks the source of the vectors if it knows their store, and the control otherwise. */
  public static <T> T ask(
      Run run, Installation installation, OpenParts parts, String operation, Question<T> question)
      throws IOException {
    Optional<OpensVectorStore> source =
        parts
            .find(Component.VECTORS)
            .map(OpenPart::source)
            .filter(OpensVectorStore.class::isInstance)
            .map(OpensVectorStore.class::cast);
    if (source.isPresent()) {
      return question.ask(new RunningStore(source.get(), installation, operation));
    }
    if (installation.writers().isPresent()) {
      try (WriterControl control = run.writers().open(installation.writers().get())) {
        if (control instanceof OpensVectorStore knows) {
          return question.ask(new RunningStore(knows, installation, operation));
        }
      }
    }
    throw unknown(installation, operation);
  }

  /**
   * A connection, which the caller closes.
   *
   * @throws BackupException of kind {@code UNAVAILABLE} when none is known to run
   */
  public VectorStore open(Cancellation cancellation) throws IOException {
    return knows.openVectorStore(cancellation).orElseThrow(() -> unknown(installation, operation));
  }

  private static BackupException unknown(Installation installation, String operation) {
    return new BackupException(
        Kind.UNAVAILABLE,
        operation,
        installation.home().toString(),
        "no running Qdrant is known that could be asked for its points");
  }
}
