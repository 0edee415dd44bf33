package dev.openmemory.backup.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.cli.CommandLineRun;
import dev.openmemory.backup.cli.SampleHome;
import dev.openmemory.backup.testkit.qdrant.QdrantDouble;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The story of the deleted memory in {@code docs/operations.md}, as it stands there. */
class MemoryStoryTest {
  private static final String DELETED = "0ec1cd76-7790-4a13-8c70-40e321da09a8";
  private static final Pattern BLOCK =
      Pattern.compile("```(console|text)\\n(.*?)```", Pattern.DOTALL);
  private static final Pattern WORD = Pattern.compile("'([^']*)'|(\\S+)");

  @TempDir Path folder;

  @Test
  void theCommandsBringTheMemoryBack() throws Exception {
    List<String> commands = new ArrayList<>();
    List<String> outputs = new ArrayList<>();
    for (MatchResult block : BLOCK.matcher(section()).results().toList()) {
      (block.group(1).equals("text") ? outputs : commands).addAll(block.group(2).lines().toList());
    }
    assertThat(commands).hasSize(5);
    SampleHome sample = SampleHome.in(folder.resolve("openmemory"));
    try (QdrantDouble server = QdrantDouble.start(folder.resolve("qdrant/storage"))) {
      List<String> ids = fill(server, sample.database());
      run(sample, server, "openmemory-backup backup monday");
      update(sample.database(), "UPDATE memories SET state = 'deleted'" + row());
      server.remove("openmemory", DELETED);
      run(sample, server, "openmemory-backup backup tuesday");

      StringBuilder printed = new StringBuilder();
      for (String command : commands) {
        CommandLineRun run = run(sample, server, command);
        assertThat(run.exitCode()).as("%s: %s", command, run.text()).isZero();
        printed.append(run.text());
      }

      assertThat(server.ids("openmemory")).isEqualTo(ids);
      assertThat(query(sample.database(), "SELECT state FROM memories" + row()))
          .containsExactly("active");
      assertThat(printed.toString()).contains("58 of 58 memories have their vector");
      for (String line : outputs) {
        // The backups of the test are of another day.
        assertThat(printed.toString()).contains(line.replaceFirst("^  2026-\\S+ \\S+ ", ""));
      }
    }
  }

  private static String section() throws IOException {
    Path root = Path.of(System.getProperty("openmemory.root"));
    String document = Files.readString(root.resolve("docs/operations.md"));
    int start = document.indexOf("### The assistant deleted a memory yesterday");
    return document.substring(start, document.indexOf("\n## ", start));
  }

  /** At a terminal, where a person agrees. */
  private static CommandLineRun run(SampleHome sample, QdrantDouble server, String command) {
    List<String> words = new ArrayList<>();
    for (MatchResult word : WORD.matcher(command).results().toList()) {
      words.add(word.group(1) == null ? word.group(2) : word.group(1));
    }
    assertThat(words.remove(0)).isEqualTo("openmemory-backup");
    return new CommandLineRun.Surroundings()
        .with("OPENMEMORY_BACKUP_QDRANT_URL", server.uri())
        .answering("y")
        .run(sample.here(words.toArray(String[]::new)));
  }

  private static List<String> fill(QdrantDouble server, Path database) throws Exception {
    server.createCollection("openmemory");
    for (String digits : query(database, "SELECT id FROM memories WHERE state <> 'deleted'")) {
      String id = digits.replaceFirst("(.{8})(.{4})(.{4})(.{4})(.{12})", "$1-$2-$3-$4-$5");
      server.put("openmemory", id, Map.of("user_id", "alice", "data", "text of " + id));
    }
    return server.ids("openmemory");
  }

  private static String row() {
    return " WHERE id = '" + DELETED.replace("-", "") + "'";
  }

  private static List<String> query(Path database, String sql) throws Exception {
    List<String> found = new ArrayList<>();
    try (Connection db = DriverManager.getConnection("jdbc:sqlite:" + database);
        Statement statement = db.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        found.add(rows.getString(1));
      }
    }
    return found;
  }

  private static void update(Path database, String sql) throws Exception {
    try (Connection db = DriverManager.getConnection("jdbc:sqlite:" + database);
        Statement statement = db.createStatement()) {
      statement.executeUpdate(sql);
    }
  }
}
