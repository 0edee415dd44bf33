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
import dev.openmemory.backup.sample.ChildJvm;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.testconditions.Requires;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Kills of the tool in each of its phases, on live stacks. */
@Tag("long")
class KilledOnStackTest {
  private static final BackupName FIRST = new BackupName("first");
  private static final int MOST_MILLIS_INTO_A_PHASE = 120;

  @TempDir Path temp;

  @BeforeEach
  void needsAnEngine() {
    Requires.that(StackImages.canBeMade(), "a Docker engine, busybox and sqlite3");
  }

  /** Holding and publishing are the same in both ways; reading and replacing data are not. */
  static Stream<Arguments> waysAndKills() {
    List<Kill> ofABackup =
        Kill.inEach("backup", "PREFLIGHT", "HOLD", "CAPTURE", "PUBLISH", "RESUME");
    List<Kill> ofARestore =
        Kill.inEach("restore", "PREPARE", "HOLD", "APPLY", "RESUME", "CONFIRM", "COMMIT");
    List<Kill> ofACapture = Kill.inEach("backup", "CAPTURE");
    return Stream.of(
        Arguments.of(Layout.BOUND_API, Way.ON_THIS_HOST, concat(ofABackup, ofARestore)),
        Arguments.of(Layout.EMPTY_VOLUME, Way.THROUGH_THE_ENGINE, concat(ofACapture, ofARestore)));
  }

  private static List<Kill> concat(List<Kill> first, List<Kill> second) {
    return Stream.concat(first.stream(), second.stream()).toList();
  }

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("waysAndKills")
  void afterTheNextCommandAllRunsAndTheDataIsWhollyTheOldOrTheRestored(
      Layout layout, Way way, List<Kill> kills, TestInfo info, TestReporter reporter)
      throws Exception {
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
      for (int i = 0; i < kills.size(); i++) {
        Kill kill = kills.get(i);
        stack.awaitWriting(4);
        Set<String> newer = new HashSet<>(stack.contents().rows());
        newer.removeAll(restored.rows());

        kill(kill, "killed-" + i, access, random.nextInt(MOST_MILLIS_INTO_A_PHASE));
        if (i % 2 == 0) {
          backups.recover(installation);
        } else {
          backups.create(installation, BackupRequest.named("after-" + i));
        }

        String where = "seed " + seed + ", kill " + i + ", " + kill;
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

  private void kill(Kill kill, String name, EngineAccess access, int millisIntoThePhase)
      throws Exception {
    try (ChildJvm child =
        ChildJvm.start(
            DockerChild.class,
            List.of("-XX:TieredStopAtLevel=1"),
            kill.work(),
            home(),
            temp.resolve("backups"),
            temp.resolve("scratch"),
            access.environment().get("DOCKER_HOST"),
            kill.work().equals("backup") ? name : FIRST.value())) {
      String line = child.readLine();
      while (line != null && !line.equals(kill.phase())) {
        line = child.readLine();
      }
      assertThat(line).as("where to kill").isEqualTo(kill.phase());
      TimeUnit.MILLISECONDS.sleep(millisIntoThePhase);
      child.kill();
    }
  }

  private Path home() {
    return temp.resolve("openmemory");
  }

  private record Kill(String work, String phase) {
    static List<Kill> inEach(String work, String... phases) {
      return Stream.of(phases).map(phase -> new Kill(work, phase)).toList();
    }
  }
}
