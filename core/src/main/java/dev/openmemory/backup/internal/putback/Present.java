package dev.openmemory.backup.internal.putback;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.Facts;
import dev.openmemory.backup.Installation;
import dev.openmemory.backup.Manifest.Component;
import dev.openmemory.backup.internal.catalog.OpenParts;
import dev.openmemory.backup.internal.catalog.OpenParts.OpenPart;
import dev.openmemory.backup.internal.config.ConfigDocument;
import dev.openmemory.backup.internal.crosscheck.RunningStore;
import dev.openmemory.backup.internal.qdrant.server.QdrantClient;
import dev.openmemory.backup.internal.run.Run;
import dev.openmemory.backup.internal.swap.Destination;
import dev.openmemory.backup.spi.Capture;
import dev.openmemory.backup.spi.CapturedFile;
import dev.openmemory.backup.spi.optional.ExposesDatabase;
import dev.openmemory.backup.spi.optional.ReplacesFiles;
import dev.openmemory.backup.spi.optional.ReportsSettings;
import dev.openmemory.backup.spi.optional.VectorStore;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.Optional;

/** An installation that runs, with what of it is read and changed here. */
record Present(Run run, OpenParts parts, OpenPart database, RunningStore store)
    implements Applier.Store {
  static final String OPERATION = "change memories";
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  interface Work<T> {
    T with(Present present) throws IOException;
  }

  interface Reading<T> {
    T of(Tables tables, Facts facts) throws IOException;
  }

  static <T> T use(Run run, Installation installation, Work<T> work) throws IOException {
    OpenParts parts = OpenParts.open(run, installation);
    OpenPart database =
        parts
            .find(Component.DATABASE)
            .orElseThrow(
                () ->
                    Kind.NOT_FOUND.failure(
                        OPERATION, installation.home().toString(), "no database was named"));
    return RunningStore.ask(
        run,
        installation,
        parts,
        OPERATION,
        store -> work.with(new Present(run, parts, database, store)));
  }

  /** Reads from a copy of the database as it is now. */
  <T> T read(Reading<T> reading) throws IOException {
    try (Capture capture = database.source().capture(run.quietContext())) {
      capture.check();
      if (capture instanceof ExposesDatabase copy) {
        try (Tables tables = Tables.open(copy.database(), copy.original())) {
          return reading.of(tables, capture.facts());
        }
      }
      throw Kind.UNSUPPORTED.failure(OPERATION, "", "the database cannot be read from here");
    }
  }

  /** What the configuration says now, as far as that can be read. */
  Facts settings() throws IOException {
    try {
      return parts.find(Component.CONFIG).isPresent()
              && parts.find(Component.CONFIG).get().source() instanceof ReportsSettings knows
          ? knows.settings(run.quietContext())
          : Facts.NONE;
    } catch (BackupException e) {
      e.throwIfCancelled();
      return Facts.NONE;
    }
  }

  /** The configuration as it is now; empty when the installation has no such part. */
  Optional<ConfigDocument> configuration() throws IOException {
    Optional<OpenPart> config = parts.find(Component.CONFIG);
    if (config.isEmpty()) {
      return Optional.empty();
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (Capture capture = config.get().source().capture(run.quietContext())) {
      for (CapturedFile file : capture.files()) {
        file.content().writeTo(bytes);
      }
    }
    return Optional.of(ConfigDocument.parse(bytes.toByteArray()));
  }

  /**
   * The database itself.
   *
   * @throws BackupException of kind {@code UNSUPPORTED} when it is not a file of this host
   */
  LiveDatabase live() throws IOException {
    if (database.source() instanceof ReplacesFiles files && !files.replaced().isEmpty()) {
      return new LiveDatabase(
          Destination.of(files.replaced().get(0)).file(), patience(), run.context().cancellation());
    }
    throw Kind.UNSUPPORTED.failure(
        OPERATION,
        "",
        "the database is inside of a container; single memories can be put back only where it is a"
            + " file of this host");
  }

  /** As long as a backup waits for a lock. */
  private Duration patience() {
    try {
      String stated = database.part().options().get("busy-timeout");
      return stated == null ? PATIENCE : Duration.parse(stated);
    } catch (DateTimeException e) {
      return PATIENCE;
    }
  }

  @Override
  public <T> T open(Cancellation cancellation, String collection, Applier.Question<T> question)
      throws IOException {
    return client(cancellation, client -> question.ask(client.whole(collection)));
  }

  interface ClientQuestion<T> {
    T ask(QdrantClient client) throws IOException;
  }

  <T> T client(Cancellation cancellation, ClientQuestion<T> question) throws IOException {
    try (VectorStore opened = store.open(cancellation)) {
      if (opened instanceof QdrantClient client) {
        return question.ask(client);
      }
      throw Kind.UNSUPPORTED.failure(
          OPERATION, opened.location(), "this kind of vector store can only be read");
    }
  }
}
