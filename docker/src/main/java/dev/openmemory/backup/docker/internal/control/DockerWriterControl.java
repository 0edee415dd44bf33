package dev.openmemory.backup.docker.internal.control;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.Facts;
import dev.openmemory.backup.Manifest.Component;
import dev.openmemory.backup.Quiesce;
import dev.openmemory.backup.docker.internal.engine.Container;
import dev.openmemory.backup.docker.internal.engine.DockerEngine;
import dev.openmemory.backup.internal.qdrant.QdrantVersion;
import dev.openmemory.backup.internal.qdrant.server.QdrantClient;
import dev.openmemory.backup.spi.Writer;
import dev.openmemory.backup.spi.WriterControl;
import dev.openmemory.backup.spi.optional.Environment;
import dev.openmemory.backup.spi.optional.OpensVectorStore;
import dev.openmemory.backup.spi.optional.ReportsEnvironment;
import dev.openmemory.backup.spi.optional.ReportsVersion;
import dev.openmemory.backup.spi.optional.VectorStore;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** See {@link DockerWriterControlProvider}. */
final class DockerWriterControl
    implements WriterControl, OpensVectorStore, ReportsEnvironment, ReportsVersion {
  private static final Logger LOG = LoggerFactory.getLogger(DockerWriterControl.class);

  /** Ample: a large storage takes its time to load. */
  private static final Duration READY = Duration.ofMinutes(5);

  private static final long POLL_MILLIS = 200;

  private final Connector connector;
  private final List<String> names;
  private final Optional<String> store;
  private final Optional<String> api;
  private final QdrantKeys keys;
  private @Nullable DockerEngine engine;

  /** Whether Qdrant could be asked before it was held, so that it can be asked again after. */
  private boolean answered;

  /** How to reach the engine, once it is needed. */
  interface Connector {
    DockerEngine connect() throws IOException;
  }

  DockerWriterControl(
      Connector connector,
      List<String> names,
      Optional<String> store,
      Optional<String> api,
      QdrantKeys keys) {
    this.connector = connector;
    this.names = names;
    this.store = store;
    this.api = api;
    this.keys = keys;
  }

  @Override
  public List<Writer> running() throws IOException {
    List<Writer> running = new ArrayList<>();
    for (String name : names) {
      engine()
          .container(name)
          .filter(Container::runs)
          .ifPresent(c -> running.add(new Writer(c.id(), c.name())));
    }
    return running;
  }

  /** Asks Qdrant what it is asked later, which loads what that needs. */
  @Override
  public void prepare(List<Writer> writers, Cancellation cancellation) throws IOException {
    for (Writer writer : writers) {
      if (isStore(writer)) {
        Optional<Container> container = engine().container(writer.id());
        if (container.isPresent()) {
          questions().rehearse(container.get(), cancellation);
        }
      }
    }
  }

  @Override
  public boolean isStore(Writer writer) {
    return store.equals(Optional.of(writer.name()));
  }

  /** Others reach the vectors through Qdrant, and would go on with answers of before. */
  @Override
  public boolean uses(Writer writer, String component) {
    return !isStore(writer) || component.equals(Component.VECTORS);
  }

  @Override
  public Map<String, Facts> observe(Writer writer, Cancellation cancellation) throws IOException {
    if (!isStore(writer)) {
      return Map.of();
    }
    try {
      Optional<QdrantClient> server = questions().server(find(writer), cancellation);
      answered = server.isPresent();
      return answered ? Map.of(Component.VECTORS, StoreQuestions.facts(server.get())) : Map.of();
    } catch (BackupException e) {
      e.throwIfCancelled();
      LOG.debug("Qdrant in {} answered nothing", writer.name(), e);
      return Map.of();
    }
  }

  /** Also of a container that does not run: it was made with them. */
  @Override
  public Optional<Environment> environment() throws IOException {
    return api.isPresent()
        ? engine()
            .container(api.get())
            .map(c -> Environment.of("container " + c.name(), c.environment()))
        : Optional.empty();
  }

  /** As Qdrant says, else by the tag of its image. */
  @Override
  public Optional<String> storeVersion(Cancellation cancellation) throws IOException {
    Optional<VectorStore> running = openVectorStore(cancellation);
    if (running.isPresent()) {
      try (VectorStore open = running.get()) {
        return Optional.of(open.version());
      } catch (BackupException e) {
        e.throwIfCancelled();
        LOG.debug("Qdrant at {} does not report its version", running.get().location(), e);
      }
    }
    return store().map(Container::image).flatMap(QdrantVersion::ofImage);
  }

  @Override
  public Optional<String> storeLocation() throws IOException {
    return store().map(c -> "container " + c.name() + " (image " + c.image() + ")");
  }

  private Optional<Container> store() throws IOException {
    return store.isPresent() ? engine().container(store.get()) : Optional.empty();
  }

  @Override
  public Optional<VectorStore> openVectorStore(Cancellation cancellation) throws IOException {
    Optional<Container> running = store().filter(Container::runs);
    return running.isPresent()
        ? questions().server(running.get(), cancellation).map(VectorStore.class::cast)
        : Optional.empty();
  }

  private StoreQuestions questions() throws IOException {
    return new StoreQuestions(engine(), keys);
  }

  @Override
  public void hold(Writer writer, Quiesce how, Cancellation cancellation) throws IOException {
    Container container = find(writer);
    switch (how) {
      case PAUSE -> engine().pause(container.id(), cancellation);
      case STOP -> engine().stop(container.id());
      case NONE -> {
        // Asked for nothing.
      }
    }
  }

  @Override
  public void end(Writer writer, Cancellation cancellation) throws IOException {
    engine().end(find(writer).id());
  }

  @Override
  public void resume(Writer writer) throws IOException {
    engine().resume(find(writer).id());
  }

  @Override
  public Optional<Duration> longestStop() {
    return Optional.of(DockerEngine.LONGEST_STOP);
  }

  @Override
  public void requireRestartable(List<Writer> writers) throws IOException {
    for (Container container : present(writers)) {
      Restartable.require(container);
    }
  }

  @Override
  public void keepRunning(List<Writer> writers) throws IOException {
    engine().keepRunning(present(writers));
  }

  private List<Container> present(List<Writer> writers) throws IOException {
    List<Container> present = new ArrayList<>();
    for (Writer writer : writers) {
      try {
        present.add(find(writer));
      } catch (BackupException e) {
        if (e.kind() != Kind.NOT_FOUND) {
          throw e;
        }
      }
    }
    return present;
  }

  /** By id, or by name when it was made anew. */
  private Container find(Writer writer) throws IOException {
    Optional<Container> same = engine().container(writer.id());
    return (same.isPresent() ? same : engine().container(writer.name()))
        .orElseThrow(
            () ->
                Kind.NOT_FOUND.failure(
                    "find container",
                    writer.name(),
                    "was removed during the pause or just before it"));
  }

  @Override
  public void awaitReady(List<Writer> writers, Cancellation cancellation) throws IOException {
    long start = System.nanoTime();
    for (Writer writer : writers) {
      while (!isReady(writer, cancellation)) {
        if (System.nanoTime() - start > READY.toNanos()) {
          throw Kind.TIMEOUT.failure(
              "await container",
              writer.name(),
              "did not become ready within " + READY.toSeconds() + " s");
        }
        pause(cancellation);
      }
    }
  }

  private boolean isReady(Writer writer, Cancellation cancellation) throws IOException {
    Container container = find(writer);
    if (!container.runs()) {
      throw Kind.FAILED.failure(
          "await container", writer.name(), "ended again: " + container.state());
    }
    if (!answered || !isStore(writer)) {
      return true;
    }
    try {
      Optional<QdrantClient> server = questions().server(container, cancellation);
      if (server.isEmpty()) {
        return false;
      }
      try (QdrantClient client = server.get()) {
        return client.isReady();
      }
    } catch (BackupException e) {
      e.throwIfCancelled();
      return false;
    }
  }

  private static void pause(Cancellation cancellation) throws BackupException {
    cancellation.check();
    try {
      Thread.sleep(POLL_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      cancellation.check();
    }
  }

  private synchronized DockerEngine engine() throws IOException {
    DockerEngine known = engine;
    if (known == null) {
      known = connector.connect();
      engine = known;
      known.sweepHelpers().forEach(what -> LOG.info("Removed {} of a killed run", what));
    }
    return known;
  }

  @Override
  public synchronized void close() throws IOException {
    if (engine != null) {
      engine.close();
      engine = null;
    }
  }
}
