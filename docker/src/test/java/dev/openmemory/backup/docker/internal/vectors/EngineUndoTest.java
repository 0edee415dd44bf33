package dev.openmemory.backup.docker.internal.vectors;

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
import dev.openmemory.backup.docker.internal.engine.EngineDouble;
import dev.openmemory.backup.docker.internal.engine.PodmanDirectory;
import dev.openmemory.backup.testkit.InMemoryBackupTarget;
import dev.openmemory.backup.undo.CleanupRequest;
import dev.openmemory.backup.undo.SetAside;
import dev.openmemory.backup.undo.UndoRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A restore that went through the engine is undone through it. */
@Timeout(60)
class EngineUndoTest {
  private static final String STATE = "raft_state.json";
  private static final String CONFIG = "collections/openmemory/config.json";

  @TempDir private Path folder;
  private EngineDouble engine;
  private PodmanDirectory directory;
  private Installation installation;
  private Backups backups;

  @BeforeEach
  void restore() throws IOException {
    engine = new EngineDouble(folder);
    directory = PodmanDirectory.in(engine);
    installation = at("/data");
    backups =
        Backups.in(new InMemoryBackupTarget())
            .withScratch(Files.createDirectories(folder.resolve("scratch")));
    fill("restored");
    backups.create(installation, BackupRequest.named("first"));
    fill("old");
    backups.restore(
        new BackupName("first"), installation, RestoreRequest.STANDARD.acceptingMismatch());
    assertThat(held()).isEqualTo("restored");
  }

  private Installation at(String path) throws IOException {
    Path home = Files.createDirectories(folder.resolve("home"));
    Map<String, String> options =
        Map.of(
            "engine",
            engine.endpoint().key(),
            "container",
            "store",
            "path",
            path,
            "work",
            home.resolve(".openmemory-backup").toString());
    return new Installation(home, List.of(new Part("qdrant-volume", options, false)));
  }

  @AfterEach
  void stop() throws IOException {
    engine.close();
  }

  @Test
  void itGoesBackAndForth() throws IOException {
    for (int round = 0; round < 2; round++) {
      undo();
      assertThat(held()).isEqualTo("old");
      assertThat(backups.setAside(installation)).hasSize(1).allMatch(SetAside::last);
      undo();
      assertThat(held()).isEqualTo("restored");
      assertThat(backups.setAside(installation)).hasSize(1).allMatch(SetAside::last);
    }
    assertThat(backups.cleanUp(installation, CleanupRequest.ALL).removed()).hasSize(1);
    assertThat(installation.home().resolve(".openmemory-backup/previous")).doesNotExist();
  }

  @Test
  void oneThatFailsHalfWayIsRolledBackByTheNextCommandAndCanBeRepeated() throws IOException {
    directory.refuseWriting();
    BackupException failure = catchThrowableOfType(BackupException.class, this::undo);
    assertThat(failure.kind()).isEqualTo(Kind.NOT_ROLLED_BACK);
    directory.mend();

    backups.recover(installation);
    assertThat(held()).isEqualTo("restored");
    undo();
    assertThat(held()).isEqualTo("old");
  }

  @Test
  void aStorageInAnotherPlaceIsNotReplaced() throws IOException {
    Installation moved = at("/other");
    BackupException failure =
        catchThrowableOfType(
            BackupException.class, () -> backups.undo(moved, UndoRequest.STANDARD));
    assertThat(failure.kind()).isEqualTo(Kind.INVALID);
    assertThat(failure).hasMessageContaining("container store:/data");
    assertThat(held()).isEqualTo("restored");
  }

  private void undo() throws BackupException {
    backups.undo(installation, UndoRequest.STANDARD);
  }

  private void fill(String text) {
    directory.files().clear();
    directory.files().put(STATE, PodmanDirectory.text(text));
    directory.files().put(CONFIG, PodmanDirectory.text("{}"));
  }

  private String held() {
    Map<String, String> held = new TreeMap<>();
    directory
        .files()
        .forEach((name, bytes) -> held.put(name, new String(bytes, StandardCharsets.UTF_8)));
    assertThat(held.keySet()).containsExactly(CONFIG, STATE);
    return held.getOrDefault(STATE, "");
  }
}
