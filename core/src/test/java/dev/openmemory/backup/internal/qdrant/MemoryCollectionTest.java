package dev.openmemory.backup.internal.qdrant;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.Facts;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MemoryCollectionTest {
  private static final MemoryCollection DEFAULT = MemoryCollection.of(Facts.NONE);

  private static Facts vectors(String name, Object value) {
    return new Facts(Map.of("collections", List.of("openmemory"), name, value));
  }

  @Test
  void theFilesOfOneNodeOfAClusterAreNotAllVectors() {
    assertThat(DEFAULT.lacksIn(vectors("clusterNodes", 3)).orElseThrow())
        .contains("one of 3 nodes of a cluster");
    assertThat(DEFAULT.lacksIn(vectors("clusterNodes", 1))).isEmpty();
  }

  @Test
  void pointsThatWereNotCountedAreNoReasonToRefuse() {
    assertThat(DEFAULT.lacksIn(vectors("files", 7))).isEmpty();
    assertThat(DEFAULT.lacksIn(vectors("points", Map.of("openmemory", 0))).orElseThrow())
        .contains("no point");
  }
}
