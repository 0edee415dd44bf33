package dev.openmemory.backup.it.docker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.BackupName;
import dev.openmemory.backup.BackupRequest;
import dev.openmemory.backup.BackupSummary;
import dev.openmemory.backup.BackupTargets;
import dev.openmemory.backup.Backups;
import dev.openmemory.backup.Installation;
import dev.openmemory.backup.docker.DockerDiscovery;
import dev.openmemory.backup.docker.DockerOptions;
import dev.openmemory.backup.it.ChildJvm;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.testconditions.Requires;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Kills of the tool in each of its phases, on live stacks. */
@Tag("long")
class KilledOnStackTest {
  private static final BackupName FIRST = new BackupName("first");
  private static final List<String> OF_A_BACKUP =
      List.of("PREFLIGHT", "HOLD", "CAPTURE", "PUBLISH", "RESUME");
  private static final List<String> OF_A_RESTORE =
      List.of("PREPARE", "HOLD", "APPLY", "RESUME", "CONFIRM", "COMMIT");
  private static final int MOST_MILLIS_INTO_A_PHASE = 120;

  @TempDir Path temp;

  @BeforeEach
  void needsAnEngine() {
    Requires.that(StackImages.canBeMade(), "a Docker engine, busybox and sqlite3");
  }

  @ParameterizedTest
  @CsvSource({"BOUND_API,ON_THIS_HOST,13", "EMPTY_VOLUME,THROUGH_THE_ENGINE,12"})
  void afterTheNextCommandAllRunsAndTheDataIsWhollyTheOldOrTheRestored(
      Layout layout, Way way, int kills, TestInfo info, TestReporter reporter) throws Exception {
    long seed = System.nanoTime();
    reporter.publishEntry(info.getDisplayName() + " seed", String.valueOf(seed));
    Random random = new Random(seed);
    try (EngineAccess access = EngineAccess.of(way);
        DockerStack stack = DockerStack.labelled(layout, home());
        BackupTarget target = BackupTargets.open(temp.resolve("backups"))) {
      Backups backups = Backups.in(target);
      Installation installation =
          DockerDiscovery.find(home(), DockerOptions.NONE, access.environment()).installation();
      backups.create(installation, BackupRequest.named("first"));
      StackContents restored = StoredContents.of(temp.resolve("backups/first"));
      for (int i = 0; i < kills; i++) {
        boolean backup = i % 2 == 0;
        stack.awaitWriting(4);
        Set<String> newer = new HashSet<>(stack.contents().rows());
        newer.removeAll(restored.rows());

        String phase = killOne(backup, "killed-" + i, access, random);
        if (i % 4 < 2) {
          backups.recover(installation);
        } else {
          backups.create(installation, BackupRequest.named("after-" + i));
        }

        String where = "seed " + seed + ", kill " + i + " in " + phase;
        assertThat(stack.states().values()).as(where).allMatch(ContainerState::isRunning);
        assertThat(stack.states().values()).as(where).noneMatch(ContainerState::isPaused);
        isOldOrRestored(stack.contents(), restored, newer, where);
        assertThat(home().resolve(".openmemory-backup/held.json")).as(where).doesNotExist();
        assertThat(home().resolve(".openmemory-backup/restore.json")).as(where).doesNotExist();
      }
      for (BackupSummary summary : backups.list()) {
        assertThat(backups.verify(summary.name()).problems()).as(summary.name().value()).isEmpty();
      }
    }
    assertThat(Docker.run("ps", "-aq", "--filter", "label=dev.openmemory.backup.helper")).isEmpty();
  }

  private static void isOldOrRestored(
      StackContents now, StackContents restored, Set<String> newer, String where) {
    assertThat(now).as(where).matches(StackContents::isOneInstant);
    assertThat(now.rows()).as(where).containsAll(restored.rows());
    Set<String> kept = new HashSet<>(newer);
    kept.retainAll(now.rows());
    // The writer's next id is in the captured database, so one comes again after a restore.
    assertThat(kept.equals(newer) || kept.size() <= 1).as(where).isTrue();
  }

  private String killOne(boolean backup, String name, EngineAccess access, Random random)
      throws Exception {
    List<String> phases = backup ? OF_A_BACKUP : OF_A_RESTORE;
    String phase = phases.get(random.nextInt(phases.size()));
    try (ChildJvm child =
        ChildJvm.start(
            DockerChild.class,
            List.of("-XX:TieredStopAtLevel=1"),
            backup ? "backup" : "restore",
            home(),
            temp.resolve("backups"),
            temp.resolve("scratch"),
            access.environment().get("DOCKER_HOST"),
            backup ? name : FIRST.value())) {
      String line = child.readLine();
      while (line != null && !line.equals(phase) && !line.equals("done")) {
        line = child.readLine();
      }
      assertThat(line).as("what the child printed before it ended").isNotNull();
      TimeUnit.MILLISECONDS.sleep(random.nextInt(MOST_MILLIS_INTO_A_PHASE));
      child.kill();
    }
    return phase;
  }

  private Path home() {
    return temp.resolve("openmemory");
  }
}
