package dev.openmemory.backup.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.BackupName;
import dev.openmemory.backup.BackupReport;
import dev.openmemory.backup.BackupRequest;
import dev.openmemory.backup.BackupTargets;
import dev.openmemory.backup.Backups;
import dev.openmemory.backup.Installation;
import dev.openmemory.backup.Installation.Part;
import dev.openmemory.backup.RestoreRequest;
import dev.openmemory.backup.migration.MigrationReport;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.testkit.qdrant.QdrantDouble;
import dev.openmemory.backup.verify.CrossCheck;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An OpenMemory of which the library's own plug-ins know the vectors only. */
class PluginsTest {
  private static final BackupName FIRST = new BackupName("first");
  private static final UUID WITH_VECTOR = new UUID(1, 1);
  private static final UUID WITHOUT_VECTOR = new UUID(2, 2);

  @TempDir Path home;
  private QdrantDouble qdrant;
  private BackupTarget target;

  @BeforeEach
  void start() throws Exception {
    qdrant = QdrantDouble.start(home.resolve("storage"));
    qdrant.createCollection("openmemory");
    qdrant.put(
        "openmemory", WITH_VECTOR.toString(), Map.of("user_id", "alice", "data", "another text"));
    Files.writeString(
        home.resolve("server.properties"),
        "embedder.provider=openai\nembedder.model=small\nembedder.key=env:OPENAI_API_KEY\n");
    Files.writeString(home.resolve("server.env"), "OPENAI_API_KEY=sk-canary\nUSER=alice\n");
    execute("CREATE TABLE users (id TEXT, user_id TEXT)");
    execute("INSERT INTO users VALUES ('0', 'alice')");
    execute("CREATE TABLE memories (id TEXT, user_id TEXT, state TEXT, content TEXT)");
    execute("INSERT INTO memories VALUES ('" + WITH_VECTOR + "', '0', 'active', 'a text')");
    execute("INSERT INTO memories VALUES ('" + WITHOUT_VECTOR + "', '0', 'active', 'b text')");
    target =
        BackupTargets.open(
            "team:" + home.resolve("shared").toUri().getPath() + "?name=blue", Map.of());
  }

  @AfterEach
  void stop() throws Exception {
    target.close();
    qdrant.close();
  }

  private void execute(String sql) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + home.resolve("memories.db"));
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private Installation installation() {
    return new Installation(home, List.of())
        .with(new Part("vacuumed", Map.of("file", home.resolve("memories.db").toString()), false))
        .with(
            new Part(
                "properties", Map.of("file", home.resolve("server.properties").toString()), false))
        .withStorage(home.resolve("storage"))
        .withWriters(
            new Installation.Writers(
                "signal-file",
                Map.of("folder", home.toString(), "qdrant", qdrant.uri().toString())));
  }

  @Test
  void theirMemoriesAreComparedWithThePointsOfTheirStore() throws Exception {
    Backups backups = Backups.in(target);
    BackupReport report = backups.create(installation(), BackupRequest.STANDARD.withName(FIRST));
    assertThat(report.held().orElseThrow().writers()).containsExactly("memory server");
    assertThat(home.resolve("pause")).doesNotExist();
    assertThat(report.manifest().warnings())
        .extracting(warning -> warning.code())
        .contains("memories-without-vector");

    CrossCheck texts = backups.crossCheckWithTexts(FIRST, installation());
    assertThat(texts.withoutVector().first()).containsExactly(WITHOUT_VECTOR.toString());
    assertThat(texts.otherText().orElseThrow().first()).containsExactly(WITH_VECTOR.toString());
    assertThat(backups.crossCheck(installation()).matched()).isEqualTo(1);
  }

  @Test
  void theirVersionSettingsAndVariablesAreComparedWithThoseOfABackup() throws Exception {
    Backups backups = Backups.in(target);
    backups.create(installation(), BackupRequest.STANDARD.withName(FIRST));
    Files.writeString(
        home.resolve("server.properties"), "embedder.provider=openai\nembedder.model=large\n");
    qdrant.version("1.19.1");

    MigrationReport compared = backups.migrationReport(FIRST, installation());

    assertThat(compared.toString())
        .contains("openai large")
        .contains("1.19.1")
        .contains("server.env: OPENAI_API_KEY")
        .doesNotContain("sk-canary");
  }

  @Test
  void theyAreRestored() throws Exception {
    Backups backups = Backups.in(target);
    backups.create(installation(), BackupRequest.STANDARD.withName(FIRST));
    byte[] captured = Files.readAllBytes(home.resolve("memories.db"));
    execute("DELETE FROM memories");
    qdrant.close();

    backups.restore(FIRST, installation(), RestoreRequest.STANDARD);

    assertThat(Files.readAllBytes(home.resolve("memories.db"))).hasSameSizeAs(captured);
    assertThat(home.resolve("memories.db.before")).exists();
  }
}
