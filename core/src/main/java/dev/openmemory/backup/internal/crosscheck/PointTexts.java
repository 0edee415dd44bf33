package dev.openmemory.backup.internal.crosscheck;

import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.internal.qdrant.server.QdrantClient;
import dev.openmemory.backup.internal.qdrant.server.QdrantClient.Point;
import dev.openmemory.backup.internal.sqlite.Memories;
import dev.openmemory.backup.verify.CrossCheck.Difference;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** The digests of the texts of points, some hundred bytes each. */
public final class PointTexts {
  private static final int MOST_NAMED = 10;

  private final Map<UUID, Long> digests = new HashMap<>();

  private PointTexts() {}

  /** Asks the server for all. */
  public static PointTexts of(QdrantClient server, String collection) throws IOException {
    PointTexts texts = new PointTexts();
    server.texts(collection, texts::add);
    return texts;
  }

  /** The memories whose text is not that of their point; what one side lacks is no other text. */
  Difference of(Memories memories, Cancellation cancellation) throws IOException {
    List<String> first = new ArrayList<>();
    long[] count = {0};
    memories.texts(
        (text, content) -> {
          Optional<UUID> id = Comparison.id(text);
          if (id.isPresent() && differ(id.get(), content)) {
            count[0]++;
            if (first.size() < MOST_NAMED) {
              first.add(id.get().toString());
            }
          }
        },
        cancellation);
    return new Difference(count[0], first);
  }

  private boolean add(Point point) {
    if (point.id().isPresent() && point.text().isPresent()) {
      digests.put(point.id().get(), digest(point.text().get()));
    }
    return true;
  }

  private boolean differ(UUID id, String text) {
    Long known = digests.get(id);
    return known != null && known != digest(text);
  }

  private static long digest(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return ByteBuffer.wrap(digest).getLong();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
