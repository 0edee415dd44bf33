package dev.openmemory.backup.internal.crosscheck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.internal.qdrant.server.QdrantClient;
import dev.openmemory.backup.internal.sqlite.Memories;
import dev.openmemory.backup.testkit.qdrant.QdrantDouble;
import dev.openmemory.backup.verify.CrossCheck;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** More points than are compared one by one. */
class SampledComparisonTest {
  private static final int ALL = 800;
  private static final int MOST = 200;

  @TempDir Path temp;

  @Test
  void aSampleIsComparedInFull() throws Exception {
    try (QdrantDouble server = QdrantDouble.start(temp.resolve("storage"));
        QdrantClient client = QdrantClient.of(server.uri(), Optional.empty(), new Cancellation())) {
      server.createCollection("openmemory");
      server.fill("openmemory", ALL);
      List<UUID> ids = server.ids("openmemory").stream().map(UUID::fromString).toList();
      Sample sample = Sample.of(ALL - 2, MOST);
      List<UUID> inside = ids.stream().filter(sample::holds).toList();
      List<UUID> outside = ids.stream().filter(id -> !sample.holds(id)).toList();
      assertThat(inside).hasSizeBetween(MOST / 2, MOST * 2);
      UUID lostInside = inside.get(inside.size() - 1);
      UUID unknownInside = inside.get(0);
      Memories memories = database(ids, List.of(unknownInside, outside.get(0)));
      server.remove("openmemory", lostInside.toString());
      server.remove("openmemory", outside.get(1).toString());

      CrossCheck result =
          Comparison.of(
              memories,
              "openmemory",
              PointIds.of(client, "openmemory", MOST),
              true,
              new Cancellation());

      assertThat(result.sampled()).isTrue();
      assertThat(result.points()).isEqualTo(ALL - 2);
      assertThat(result.withoutVector().first()).containsExactly(lostInside.toString());
      assertThat(result.withoutMemory().first()).containsExactly(unknownInside.toString());
      assertThat(result.matched()).isEqualTo(inside.size() - 2);
    }
  }

  /** A database with a row for each of the ids but some. */
  private Memories database(List<UUID> ids, List<UUID> without) throws Exception {
    Path file = temp.resolve("openmemory.db");
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file)) {
      connection.setAutoCommit(false);
      try (Statement statement = connection.createStatement()) {
        statement.execute("CREATE TABLE users (id CHAR(32), user_id TEXT)");
        statement.execute("CREATE TABLE memories (id CHAR(32), user_id CHAR(32), state TEXT)");
      }
      try (PreparedStatement insert =
          connection.prepareStatement("INSERT INTO memories VALUES (?, 'u', 'active')")) {
        for (UUID id : ids) {
          if (!without.contains(id)) {
            insert.setString(1, id.toString().replace("-", ""));
            insert.executeUpdate();
          }
        }
      }
      connection.commit();
    }
    return new Memories(file, "openmemory.db");
  }
}
