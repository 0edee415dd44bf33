package dev.openmemory.backup.docker.internal.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.BackupName;
import dev.openmemory.backup.BackupRequest;
import dev.openmemory.backup.Backups;
import dev.openmemory.backup.Installation;
import dev.openmemory.backup.Installation.Part;
import dev.openmemory.backup.RestoreRequest;
import dev.openmemory.backup.docker.internal.engine.ContainerFolder;
import dev.openmemory.backup.docker.internal.engine.EngineDouble;
import dev.openmemory.backup.testkit.InMemoryBackupTarget;
import dev.openmemory.backup.undo.UndoRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Database and configuration in a container go back and forth. */
@Timeout(60)
class FileUndoTest {
  private static final String DATABASE = "openmemory.db";
  private static final String CONFIG = "config.json";

  @TempDir private Path folder;
  private EngineDouble engine;
  private ContainerFolder container;
  private Installation installation;
  private Backups backups;

  @BeforeEach
  void restore() throws IOException {
    engine = new EngineDouble(folder);
    container = ContainerFolder.in(engine);
    Path home = Files.createDirectories(folder.resolve("home"));
    installation =
        new Installation(
            home,
            List.of(
                part("sqlite-container", DATABASE, home), part("config-container", CONFIG, home)));
    backups =
        Backups.in(new InMemoryBackupTarget())
            .withScratch(Files.createDirectories(folder.resolve("scratch")));
    fill("restored");
    backups.create(
        installation, BackupRequest.named("first").withOnly(Set.of("database", "config")));
    fill("old");
    container.files().put(DATABASE + "-journal", new byte[0]);
    backups.restore(
        new BackupName("first"), installation, RestoreRequest.STANDARD.acceptingMismatch());
    assertHolds("restored");
  }

  @AfterEach
  void stop() throws IOException {
    engine.close();
  }

  @Test
  void whatTheRestoreReplacedComesBackAndTheRestoredFilesAfterIt() throws IOException {
    undo();
    assertHolds("old");
    undo();
    assertHolds("restored");
  }

  @Test
  void aDatabaseThatWasSetAsideAndIsDamagedIsRefused() throws IOException {
    Path tar =
        backups.setAside(installation).stream()
            .filter(each -> each.component().equals("database"))
            .findFirst()
            .orElseThrow()
            .folder()
            .resolve("old.tar");
    byte[] bytes = Files.readAllBytes(tar);
    for (int length : new int[] {bytes.length, 5000}) {
      byte[] damaged = Arrays.copyOf(bytes, length);
      Arrays.fill(damaged, 1400, 2400, (byte) 7);
      Files.write(tar, damaged);
      BackupException failure = catchThrowableOfType(BackupException.class, this::undo);
      assertThat(failure.kind()).as(failure.getMessage()).isEqualTo(Kind.CORRUPT);
      assertHolds("restored");
    }
  }

  private void undo() throws BackupException {
    backups.undo(installation, UndoRequest.STANDARD);
  }

  private Part part(String type, String name, Path home) {
    Map<String, String> options =
        Map.of(
            "engine",
            engine.endpoint().key(),
            "container",
            "api",
            "path",
            "/app/" + name,
            "work",
            home.resolve(".openmemory-backup").toString());
    return new Part(type, options, false);
  }

  private void fill(String text) throws IOException {
    Path file = folder.resolve(text + ".db");
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA page_size = 1024");
      statement.execute("CREATE TABLE memories (id TEXT, content TEXT, state TEXT)");
      statement.execute("INSERT INTO memories VALUES ('1', '" + text + "', 'deleted')");
    } catch (SQLException e) {
      throw new IOException(e);
    }
    container.files().put(DATABASE, Files.readAllBytes(file));
    container.files().put(CONFIG, json(text));
  }

  private void assertHolds(String text) throws IOException {
    assertThat(container.files().get(CONFIG)).isEqualTo(json(text));
    assertThat(container.files().get(DATABASE))
        .isEqualTo(Files.readAllBytes(folder.resolve(text + ".db")));
  }

  private static byte[] json(String text) {
    return ("{\"of\": \"" + text + "\"}").getBytes(StandardCharsets.UTF_8);
  }
}
