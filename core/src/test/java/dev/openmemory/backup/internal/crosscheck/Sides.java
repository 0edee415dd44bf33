package dev.openmemory.backup.internal.crosscheck;

import dev.openmemory.backup.internal.sqlite.Memories;
import dev.openmemory.backup.spi.optional.VectorStore.Point;
import dev.openmemory.backup.verify.CrossCheck;
import dev.openmemory.backup.verify.CrossCheck.Difference;
import dev.openmemory.backup.verify.CrossCheck.User;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/** What is compared, and the naive answer, which needs all of it in memory. */
record Sides(List<Row> rows, List<Point> points) {
  static final String COLLECTION = "openmemory";

  record Row(String id, String user, boolean deleted, String content) {}

  static Sides random(Random random, int size) {
    List<UUID> pool = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      // Few values in the first half, so that the second decides; the sign bit is set in some.
      pool.add(new UUID((long) random.nextInt(4) << 62, random.nextLong()));
    }
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      UUID id = pool.get(random.nextInt(size));
      String user = "user" + random.nextInt(3);
      rows.add(new Row(spelled(id, random), user, random.nextInt(5) == 0, "text " + i));
    }
    Set<UUID> distinct = new HashSet<>(pool.subList(0, size / 2 + random.nextInt(size / 2 + 1)));
    List<Point> points = new ArrayList<>();
    for (UUID id : distinct) {
      Optional<String> user =
          Optional.of("user" + random.nextInt(4)).filter(u -> !u.equals("user3"));
      points.add(new Point(Optional.of(id), user, Optional.empty()));
    }
    for (int i = random.nextInt(3); i > 0; i--) {
      points.add(new Point(Optional.empty(), Optional.empty(), Optional.empty()));
    }
    Collections.shuffle(points, random);
    return new Sides(rows, points);
  }

  private static String spelled(UUID id, Random random) {
    return switch (random.nextInt(12)) {
      case 0 -> id.toString();
      case 1 -> id.toString().toUpperCase(Locale.ROOT);
      case 2 -> "no id " + random.nextInt(5);
      case 3 -> id.toString().replace("-", "").substring(1);
      default -> id.toString().replace("-", "");
    };
  }

  Memories database(Path file) throws SQLException, IOException {
    return database(file, "TEXT");
  }

  Memories database(Path file, String typeOfIds) throws SQLException, IOException {
    Files.deleteIfExists(file);
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file)) {
      connection.setAutoCommit(false);
      try (Statement statement = connection.createStatement()) {
        statement.execute("CREATE TABLE users (id TEXT, user_id TEXT)");
        statement.execute("INSERT INTO users VALUES ('0', 'user0'), ('1', 'user1')");
        statement.execute(
            "CREATE TABLE memories (id " + typeOfIds + ", user_id, state TEXT, content TEXT)");
      }
      try (PreparedStatement insert =
          connection.prepareStatement("INSERT INTO memories VALUES (?, ?, ?, ?)")) {
        for (Row row : rows) {
          insert.setString(1, row.id);
          insert.setString(2, row.user.substring(4));
          insert.setString(3, row.deleted ? "deleted" : "active");
          insert.setString(4, row.content);
          insert.addBatch();
        }
        insert.executeBatch();
      }
      connection.commit();
    }
    return new Memories(file, "openmemory.db");
  }

  /** Of sets. */
  CrossCheck naive() {
    Map<UUID, String> unknown = new TreeMap<>(Comparator.comparing(UUID::toString));
    long numbers = 0;
    for (Point point : points) {
      if (point.id().isPresent()) {
        unknown.put(point.id().get(), point.user().orElse(""));
      } else {
        numbers++;
      }
    }
    Set<UUID> known = new HashSet<>(unknown.keySet());
    Naive naive = new Naive();
    for (Row row : rows) {
      // The third user is in no row of the table of users.
      String user = row.user.equals("user2") ? "" : row.user;
      Optional<UUID> id = uuid(row.id);
      if (id.isPresent() && known.contains(id.get())) {
        naive.add(row.deleted ? "deleted" : "matched", id.get().toString(), user);
        unknown.remove(id.get());
      } else if (!row.deleted) {
        naive.add("vector", id.map(UUID::toString).orElse(row.id), user);
      }
    }
    unknown.forEach((id, user) -> naive.add("memory", id.toString(), user));
    return naive.result(points.size(), numbers);
  }

  private static Optional<UUID> uuid(String text) {
    String digits = text.replace("-", "").toLowerCase(Locale.ROOT);
    return digits.matches("[0-9a-f]{32}")
        ? Optional.of(
            UUID.fromString(
                digits.replaceFirst("(.{8})(.{4})(.{4})(.{4})(.{12})", "$1-$2-$3-$4-$5")))
        : Optional.empty();
  }

  private static final class Naive {
    private final Map<String, List<String>> found = new HashMap<>();
    private final Map<String, Map<String, Long>> users = new TreeMap<>();

    void add(String what, String id, String user) {
      found.computeIfAbsent(what, key -> new ArrayList<>()).add(id);
      users.computeIfAbsent(user, key -> new HashMap<>()).merge(what, 1L, Long::sum);
    }

    private long count(String what) {
      return found.getOrDefault(what, List.of()).size();
    }

    private Difference difference(String what, long more) {
      return new Difference(
          count(what) + more, found.getOrDefault(what, List.of()).stream().limit(10).toList());
    }

    CrossCheck result(int points, long numbers) {
      Map<String, User> byUser = new LinkedHashMap<>();
      users.forEach(
          (name, counts) ->
              byUser.put(
                  name,
                  new User(
                      counts.getOrDefault("matched", 0L),
                      counts.getOrDefault("vector", 0L),
                      counts.getOrDefault("memory", 0L),
                      counts.getOrDefault("deleted", 0L))));
      return new CrossCheck(
          COLLECTION,
          count("matched") + count("vector"),
          points,
          count("matched"),
          difference("vector", 0),
          difference("memory", numbers),
          difference("deleted", 0),
          Optional.empty(),
          byUser,
          true);
    }
  }
}
