package dev.openmemory.backup.docker.internal.control;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.Facts;
import dev.openmemory.backup.Manifest.Component;
import dev.openmemory.backup.Quiesce;
import dev.openmemory.backup.docker.internal.engine.Container;
import dev.openmemory.backup.docker.internal.engine.DockerEngine;
import dev.openmemory.backup.internal.crosscheck.AskedPoints;
import dev.openmemory.backup.internal.crosscheck.AsksForPoints;
import dev.openmemory.backup.internal.crosscheck.IdFolder;
import dev.openmemory.backup.internal.migration.Environment;
import dev.openmemory.backup.internal.migration.KnowsEnvironment;
import dev.openmemory.backup.internal.migration.KnowsVersion;
import dev.openmemory.backup.internal.qdrant.server.QdrantClient;
import dev.openmemory.backup.spi.Writer;
import dev.openmemory.backup.spi.WriterControl;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** See {@link DockerWriterControlProvider}. */
final class DockerWriterControl
    implements WriterControl, AsksForPoints, KnowsEnvironment, KnowsVersion {
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
      if (store.equals(Optional.of(writer.name()))) {
        rehearse(writer, cancellation);
      }
    }
  }

  private void rehearse(Writer writer, Cancellation cancellation) throws IOException {
    try {
      Optional<QdrantClient> found = QdrantServer.of(engine(), find(writer), keys, cancellation);
      if (found.isPresent()) {
        try (QdrantClient server = found.get()) {
          for (String collection : server.collections()) {
            server.count(collection);
            server.collection(collection);
          }
        }
      }
    } catch (BackupException e) {
      if (e.kind() == Kind.CANCELLED) {
        throw e;
      }
      LOG.debug("Qdrant in {} cannot be asked yet", writer.name(), e);
    }
  }

  @Override
  public Map<String, Facts> observe(Writer writer, Cancellation cancellation) throws IOException {
    if (!store.equals(Optional.of(writer.name()))) {
      return Map.of();
    }
    try {
      Optional<QdrantClient> server = QdrantServer.of(engine(), find(writer), keys, cancellation);
      answered = server.isPresent();
      return server.isPresent() ? Map.of(Component.VECTORS, ask(server.get())) : Map.of();
    } catch (BackupException e) {
      if (e.kind() == Kind.CANCELLED) {
        throw e;
      }
      LOG.debug("Qdrant in {} told nothing", writer.name(), e);
      return Map.of();
    }
  }

  private Facts ask(QdrantClient server) throws IOException {
    try (server) {
      Map<String, Object> counts = new LinkedHashMap<>();
      Map<String, Object> vectors = new LinkedHashMap<>();
      for (String collection : server.collections()) {
        counts.put(collection, server.count(collection));
        told(server, asked -> asked.collection(collection))
            .ifPresent(info -> vectors.put(collection, info.vectors()));
      }
      Map<String, Object> facts = new LinkedHashMap<>();
      facts.put("qdrantVersion", server.version());
      facts.put("points", counts);
      told(server, QdrantClient::cluster)
          .ifPresent(cluster -> facts.put("clusterNodes", cluster.peers().size()));
      if (!vectors.isEmpty()) {
        facts.put("vectors", vectors);
      }
      return new Facts(facts);
    }
  }

  private interface Question<T> {
    Optional<T> ask(QdrantClient server) throws IOException;
  }

  /** What is not told must not cost the points. */
  private static <T> Optional<T> told(QdrantClient server, Question<T> question)
      throws IOException {
    try {
      return question.ask(server);
    } catch (BackupException e) {
      if (e.kind() == Kind.CANCELLED) {
        throw e;
      }
      LOG.debug("Qdrant does not tell all", e);
      return Optional.empty();
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

  @Override
  public Optional<String> qdrantVersion(Cancellation cancellation) throws IOException {
    Optional<Container> running = runningStore();
    Optional<QdrantClient> server =
        running.isPresent()
            ? QdrantServer.of(engine(), running.get(), keys, cancellation)
            : Optional.empty();
    if (server.isEmpty()) {
      return Optional.empty();
    }
    try (QdrantClient client = server.get()) {
      return Optional.of(client.version());
    }
  }

  private Optional<Container> runningStore() throws IOException {
    return store.isPresent()
        ? engine().container(store.get()).filter(Container::runs)
        : Optional.empty();
  }

  @Override
  public Optional<AskedPoints> askForPoints(Optional<String> wanted, IdFolder folder)
      throws IOException {
    Optional<Container> running = runningStore();
    if (running.isEmpty()) {
      return Optional.empty();
    }
    try {
      Optional<QdrantClient> server =
          QdrantServer.of(engine(), running.get(), keys, folder.cancellation());
      if (server.isEmpty()) {
        return Optional.empty();
      }
      try (QdrantClient client = server.get()) {
        return Optional.of(AskedPoints.of(client, wanted, folder));
      }
    } catch (BackupException e) {
      if (e.kind() == Kind.CANCELLED || folder.isPlaceOf(e)) {
        throw e;
      }
      LOG.debug("Qdrant in {} told no points", running.get().name(), e);
      return Optional.empty();
    }
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
      if (container.removedAtEnd()) {
        throw Kind.UNSUPPORTED.failure(
            "stop",
            "container " + container.name(),
            "was started with --rm, so a stop would remove it, with its own layer and its anonymous"
                + " volumes; start it without --rm, or stop it yourself");
      }
    }
  }

  @Override
  public void keepRunning(List<Writer> writers) throws IOException {
    engine().keepRunning(present(writers).stream().map(Container::id).toList());
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
    if (!answered || !store.equals(Optional.of(writer.name()))) {
      return true;
    }
    try {
      Optional<QdrantClient> server = QdrantServer.of(engine(), container, keys, cancellation);
      if (server.isEmpty()) {
        return false;
      }
      try (QdrantClient client = server.get()) {
        return client.isReady();
      }
    } catch (BackupException e) {
      if (e.kind() == Kind.CANCELLED) {
        throw e;
      }
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
      known.sweepHelpers().forEach(what -> LOG.info("Removed {} of a run that died", what));
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
