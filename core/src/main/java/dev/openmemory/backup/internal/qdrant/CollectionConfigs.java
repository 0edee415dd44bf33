package dev.openmemory.backup.internal.qdrant;

import dev.openmemory.backup.internal.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the collections in a storage directory say of their vectors. */
public final class CollectionConfigs {
  private static final Logger LOG = LoggerFactory.getLogger(CollectionConfigs.class);
  private static final int LONGEST = 1024 * 1024;

  private CollectionConfigs() {}

  /** The vectors config by collection, without the ones that cannot be parsed. */
  public static Map<String, Object> vectors(Path storage, Collection<String> collections) {
    Map<String, Object> vectors = new LinkedHashMap<>();
    for (String name : collections) {
      Path file = storage.resolve("collections").resolve(name).resolve("config.json");
      try (InputStream in = Files.newInputStream(file)) {
        vectors.put(
            name,
            JsonObject.parse(in.readNBytes(LONGEST), file.toString())
                .object("params")
                .object("vectors")
                .others(Set.of()));
      } catch (IOException e) {
        LOG.debug("Nothing is known of the vectors in {}", file, e);
      }
    }
    return vectors;
  }
}
