package dev.openmemory.backup.internal.drill;

import dev.openmemory.backup.internal.qdrant.Examined;
import dev.openmemory.backup.internal.qdrant.server.CollectionInfo;
import dev.openmemory.backup.internal.qdrant.server.QdrantClient;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * A Qdrant that serves what was restored.
 *
 * @param what was started
 */
record ServerJudge(QdrantClient client, String version, String what) implements Judge {
  @Override
  public String describe() {
    return "Qdrant " + version + ", " + what;
  }

  @Override
  public List<String> collections() throws IOException {
    return client.collections();
  }

  @Override
  public boolean requiresVectors(String collection) throws IOException {
    Optional<CollectionInfo> info = client.collection(collection);
    return info.isPresent() && info.get().vectors().containsKey("size");
  }

  @Override
  public Examined examine(String collection, Reader reader) throws IOException {
    // It serves before the end of its log is applied.
    client.awaitApplied(collection);
    long count = client.count(collection);
    reader.count(count);
    return client.examine(collection, version, count, reader::point);
  }

  @Override
  public void close() {
    client.close();
  }
}
