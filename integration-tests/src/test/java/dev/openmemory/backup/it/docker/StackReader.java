package dev.openmemory.backup.it.docker;

import dev.openmemory.backup.it.FileTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Copies of what containers hold, taken by {@code docker cp} and read without the product. */
final class StackReader implements AutoCloseable {
  private static final String POINTS = "/qdrant/storage/collections/openmemory/0/segments/points";

  private final Path folder;

  StackReader() throws IOException {
    folder = Files.createTempDirectory("stack");
  }

  /** A rollback journal comes along and is applied on opening. */
  Set<String> rows(String container, String databaseFolder) throws SQLException {
    Path copy = folder.resolve("database");
    Docker.run("cp", container + ":" + databaseFolder, copy.toString());
    Path database = copy.resolve("openmemory.db");
    return Files.exists(database) ? rowsOf(database) : Set.of();
  }

  static Set<String> rowsOf(Path database) throws SQLException {
    Set<String> ids = new HashSet<>();
    try (Connection db = DriverManager.getConnection("jdbc:sqlite:" + database);
        Statement sql = db.createStatement();
        ResultSet result = sql.executeQuery("SELECT lower(id) FROM memories")) {
      while (result.next()) {
        ids.add(result.getString(1));
      }
    }
    return ids;
  }

  Set<String> points(String container) throws IOException {
    Path copy = folder.resolve("points");
    Docker.Outcome outcome = Docker.attempt("cp", container + ":" + POINTS, copy.toString());
    if (outcome.isSuccess()) {
      try (Stream<Path> files = Files.list(copy)) {
        return files.map(file -> file.getFileName().toString()).collect(Collectors.toSet());
      }
    }
    if (outcome.errors().matches("(?s).*(Could not find the file|No such container:path).*")) {
      return Set.of();
    }
    throw new AssertionError(outcome.errors());
  }

  @Override
  public void close() throws IOException {
    FileTree.delete(folder);
  }
}
