package dev.openmemory.backup.docker.internal.control;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.Facts;
import dev.openmemory.backup.docker.internal.engine.Container;
import dev.openmemory.backup.docker.internal.engine.DockerEngine;
import dev.openmemory.backup.internal.qdrant.server.QdrantClient;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks the Qdrant in a container. What it does not say costs no backup. */
record StoreQuestions(DockerEngine engine, QdrantKeys keys) {
  private static final Logger LOG = LoggerFactory.getLogger(StoreQuestions.class);

  /** Asks what it is asked later, which loads what that needs. */
  void rehearse(Container store, Cancellation cancellation) throws IOException {
    try {
      Optional<QdrantClient> found = server(store, cancellation);
      if (found.isPresent()) {
        try (QdrantClient server = found.get()) {
          for (String collection : server.collections()) {
            server.count(collection);
            server.collection(collection);
          }
        }
      }
    } catch (BackupException e) {
      e.throwIfCancelled();
      LOG.debug("Qdrant in {} cannot be asked yet", store.name(), e);
    }
  }

  /** Empty where its address is not known; the caller closes it. */
  Optional<QdrantClient> server(Container store, Cancellation cancellation) throws IOException {
    return QdrantServer.of(engine, store, keys, cancellation);
  }

  /** Its version, the points and the vectors config of each collection; closes the server. */
  static Facts facts(QdrantClient server) throws IOException {
    try (server) {
      Map<String, Object> counts = new LinkedHashMap<>();
      Map<String, Object> vectors = new LinkedHashMap<>();
      for (String collection : server.collections()) {
        counts.put(collection, server.count(collection));
        ifAnswered(server, asked -> asked.collection(collection))
            .ifPresent(info -> vectors.put(collection, info.vectors()));
      }
      Map<String, Object> facts = new LinkedHashMap<>();
      facts.put("qdrantVersion", server.version());
      facts.put("points", counts);
      ifAnswered(server, QdrantClient::cluster)
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

  /** What is not answered must not cost the points. */
  private static <T> Optional<T> ifAnswered(QdrantClient server, Question<T> question)
      throws IOException {
    try {
      return question.ask(server);
    } catch (BackupException e) {
      e.throwIfCancelled();
      LOG.debug("Qdrant does not answer all questions", e);
      return Optional.empty();
    }
  }
}
