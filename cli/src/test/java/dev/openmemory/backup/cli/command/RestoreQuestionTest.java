package dev.openmemory.backup.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.BackupName;
import dev.openmemory.backup.BackupSummary;
import dev.openmemory.backup.Installation;
import dev.openmemory.backup.Installation.Part;
import dev.openmemory.backup.Installation.Writers;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RestoreQuestionTest {
  private static final Installation IN_CONTAINERS =
      new Installation(
              Path.of("/srv/openmemory"),
              List.of(
                  new Part(
                      "sqlite-container",
                      Map.of("container", "api", "path", "/app/openmemory.db"),
                      false),
                  new Part(
                      "qdrant-volume",
                      Map.of("container", "store", "path", "/qdrant/storage", "volume", "v"),
                      false)))
          .withWriters(new Writers("docker", Map.of("containers", "api,store", "store", "store")));

  @Test
  void namesContainersVolumesAndWhoIsStopped() throws Exception {
    assertThat(question(Set.of()))
        .contains("database  container api:/app/openmemory.db")
        .contains("vectors   volume v (container store:/qdrant/storage)")
        .contains("These containers will be stopped, if they run, and started again: api, store.")
        .contains("before the first line \"Stopping\" will be replaced too: only the previous data")
        .contains("will be kept");
  }

  @Test
  void saysThatARestoreOfSnapshotsCannotBeUndone() throws Exception {
    Installation remote =
        IN_CONTAINERS.with(new Part("qdrant-snapshot", Map.of("urls", "http://q:6333"), false));
    assertThat(question(remote, Set.of())).contains("will be kept. 'undo' cannot put it back");
    assertThat(question(Set.of())).doesNotContain("undo");
  }

  @Test
  void leavesOutWhatIsNotRestored() throws Exception {
    assertThat(question(Set.of("database")))
        .doesNotContain("vectors")
        .contains("if they run, and started again: api.");
  }

  private static String question(Set<String> only) throws Exception {
    return question(IN_CONTAINERS, only);
  }

  private static String question(Installation installation, Set<String> only) throws Exception {
    BackupSummary backup =
        new BackupSummary(
            BackupName.parse("first"),
            BackupSummary.State.COMPLETE,
            Instant.EPOCH,
            1,
            List.of(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
    return new RestoreQuestion(installation, only).text(backup, ZoneOffset.UTC, false);
  }
}
