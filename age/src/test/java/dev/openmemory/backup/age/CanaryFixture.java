package dev.openmemory.backup.age;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupName;
import dev.openmemory.backup.BackupRequest;
import dev.openmemory.backup.Backups;
import dev.openmemory.backup.Installation;
import dev.openmemory.backup.Quiesce;
import dev.openmemory.backup.spi.encryption.KeyFile;
import dev.openmemory.backup.testkit.InMemoryBackupTarget;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** An encrypted backup of an installation with a canary wherever a person could write one. */
abstract class CanaryFixture {
  /** In a memory, a user, a model, a variable and a collection. */
  static final String CANARY = "canary7";

  static final BackupName FIRST = new BackupName("first");
  static final BackupName SECOND = new BackupName("second");

  @TempDir Path temp;

  final KeyFile key = AgeFiles.newKey();
  final InMemoryBackupTarget target = new InMemoryBackupTarget();
  Path home = Path.of("");

  @BeforeEach
  void backUp() throws Exception {
    home = installed(temp.resolve("home"));
    create(FIRST);
  }

  /** An installation with the canary in a new folder. */
  static Path installed(Path home) throws Exception {
    for (String collection : List.of("openmemory", CANARY)) {
      Path folder = Files.createDirectories(home.resolve("storage/collections/" + collection));
      Files.writeString(folder.resolve("config.json"), "{}");
    }
    Files.createDirectories(home.resolve("api"));
    Files.writeString(
        home.resolve("api/config.json"),
        "{\"mem0\": {\"llm\": {\"provider\": \"openai\", \"config\": {\"model\": \"canary7\","
            + " \"api_key\": \"env:CANARY7_KEY\"}}}}");
    try (Connection db =
            DriverManager.getConnection("jdbc:sqlite:" + home.resolve("api/openmemory.db"));
        Statement sql = db.createStatement()) {
      sql.execute("CREATE TABLE users (id TEXT, user_id TEXT)");
      sql.execute("CREATE TABLE memories (id TEXT, user_id TEXT, content TEXT, state TEXT)");
      sql.execute("INSERT INTO users VALUES ('1', 'canary7')");
      sql.execute("INSERT INTO memories VALUES ('1', '1', 'I like canary7', 'active')");
    }
    return home;
  }

  void create(BackupName name) throws Exception {
    keyless()
        .withEncryption(AgeFiles.to(key))
        .create(
            Installation.at(home).withStorage(home.resolve("storage")),
            BackupRequest.named(name.value()).withQuiesce(Quiesce.NONE));
  }

  Backups keyless() {
    return Backups.in(target);
  }

  Backups withKey() throws BackupException {
    return keyless().withDecryption(AgeFiles.by(key));
  }
}
