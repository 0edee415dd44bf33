package dev.openmemory.backup.it.docker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.BackupRequest;
import dev.openmemory.backup.BackupSummary;
import dev.openmemory.backup.BackupTargets;
import dev.openmemory.backup.Backups;
import dev.openmemory.backup.Installation;
import dev.openmemory.backup.docker.DockerDiscovery;
import dev.openmemory.backup.docker.DockerOptions;
import dev.openmemory.backup.sample.ChildJvm;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.testconditions.Requires;
import dev.openmemory.backup.testconditions.Seeds;
import dev.openmemory.backup.testconditions.Soak;
import dev.openmemory.backup.testconditions.SoakTest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Kills of the tool in its phases, on live stacks. */
@Tag("services")
@ResourceLock("helper containers")
class KilledOnStackTest {
  private static final int MOST_MILLIS_INTO_A_PHASE = 120;

  @TempDir Path temp;

  @BeforeEach
  void needsAnEngine() {
    Requires.that(StackImages.canBeMade(), "a Docker engine, busybox and sqlite3");
  }

  @Test
  void afterTheNextCommandAllRunsAndTheDataIsWhollyTheOldOrTheRestored() throws Exception {
    killEach(
        Layout.BOUND_API,
        Way.ON_THIS_HOST,
        List.of(
            new Kill("backup", "HOLD"),
            new Kill("restore", "APPLY"),
            new Kill("restore", "CONFIRM")),
        Seeds.random());
  }

  /** Reading and replacing data are another matter in this way, holding and publishing are not. */
  @Test
  void soTheyDoThroughTheEngine() throws Exception {
    killEach(
        Layout.EMPTY_VOLUME,
        Way.THROUGH_THE_ENGINE,
        List.of(new Kill("backup", "CAPTURE"), new Kill("restore", "APPLY")),
        Seeds.random());
  }

  @SoakTest
  void soTheyDoInEachPhase() throws Exception {
    List<Kill> kills =
        Stream.of(
                "backup PREFLIGHT,HOLD,CAPTURE,PUBLISH,RESUME",
                "restore PREPARE,HOLD,APPLY,RESUME,CONFIRM,COMMIT")
            .map(line -> line.split(" ", 2))
            .flatMap(work -> Stream.of(work[1].split(",", -1)).map(p -> new Kill(work[0], p)))
            .toList();
    Soak.rounds(
        random ->
            killEach(
                random.nextBoolean() ? Layout.BOUND_API : Layout.EMPTY_VOLUME,
                random.nextBoolean() ? Way.ON_THIS_HOST : Way.THROUGH_THE_ENGINE,
                List.of(kills.get(random.nextInt(kills.size()))),
                random));
  }

  private void killEach(Layout layout, Way way, List<Kill> kills, Random random) throws Exception {
    Path folder = Files.createTempDirectory(temp, "round");
    try (EngineAccess access = EngineAccess.of(way);
        DockerStack stack = DockerStack.labelled(layout);
        BackupTarget target = BackupTargets.open(folder.resolve("backups"))) {
      Backups backups = Backups.in(target);
      Installation installation =
          DockerDiscovery.find(stack.home(), DockerOptions.NONE, access.environment())
              .installation();
      backups.create(installation, BackupRequest.named("first"));
      StackContents restored = StoredContents.of(folder.resolve("backups/first"));
      for (int i = 0; i < kills.size(); i++) {
        Kill kill = kills.get(i);
        stack.awaitWriting(4);
        Set<String> newer = new HashSet<>(stack.contents().rows());
        newer.removeAll(restored.rows());

        try (ChildJvm child = start(kill, "killed-" + i, stack.home(), folder, access)) {
          killIn(kill.phase(), child, random.nextInt(MOST_MILLIS_INTO_A_PHASE));
        }
        if (i % 2 == 0) {
          backups.recover(installation);
        } else {
          backups.create(installation, BackupRequest.named("after-" + i));
        }

        String where = layout + ", " + way + ", " + kill;
        assertThat(stack.states().values()).as(where).allMatch(ContainerState::isRunning);
        assertThat(stack.states().values()).as(where).noneMatch(ContainerState::isPaused);
        isOldOrRestored(stack.contents(), restored, newer, where);
        Path marks = stack.home().resolve(".openmemory-backup");
        assertThat(marks.resolve("held.json")).as(where).doesNotExist();
        assertThat(marks.resolve("restore.json")).as(where).doesNotExist();
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

  private static ChildJvm start(Kill kill, String name, Path home, Path folder, EngineAccess access)
      throws Exception {
    return ChildJvm.start(
        DockerChild.class,
        List.of("-XX:TieredStopAtLevel=1"),
        kill.work(),
        home,
        folder.resolve("backups"),
        Files.createDirectories(folder.resolve("scratch")),
        access.environment().get("DOCKER_HOST"),
        kill.work().equals("backup") ? name : "first");
  }

  private static void killIn(String phase, ChildJvm child, int millisIntoThePhase)
      throws Exception {
    String line = child.readLine();
    while (line != null && !line.startsWith(phase + " ")) {
      line = child.readLine();
    }
    assertThat(line).as("where to kill").startsWith(phase + " ");
    TimeUnit.MILLISECONDS.sleep(millisIntoThePhase);
    child.kill();
  }

  private record Kill(String work, String phase) {}
}
