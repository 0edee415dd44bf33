package dev.openmemory.backup.it.docker;

import static dev.openmemory.backup.sample.Failures.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.BackupEvent;
import dev.openmemory.backup.BackupEvent.Phase;
import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.BackupName;
import dev.openmemory.backup.BackupRequest;
import dev.openmemory.backup.BackupTargets;
import dev.openmemory.backup.Backups;
import dev.openmemory.backup.Installation;
import dev.openmemory.backup.Quiesce;
import dev.openmemory.backup.RestoreRequest;
import dev.openmemory.backup.docker.DockerDiscovery;
import dev.openmemory.backup.docker.DockerOptions;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.testconditions.Requires;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Failures of containers, and that no data is lost and no container stays paused. */
@Tag("services")
@ResourceLock("helper containers")
class TroubleTest {
  private static final BackupName FIRST = new BackupName("first");

  @TempDir Path temp;
  private BackupTarget target;

  @BeforeEach
  void open() throws IOException {
    Requires.that(StackImages.canBeMade(), "a Docker engine, busybox and sqlite3");
    target = BackupTargets.open(temp.resolve("backups"));
  }

  @AfterEach
  void close() throws IOException {
    if (target != null) {
      target.close();
    }
  }

  @Test
  void anEmptyVolumeBesideMemoriesIsAFailedBackupThatNamesIt() throws Exception {
    try (EngineAccess access = EngineAccess.of(Way.ON_THIS_HOST);
        DockerStack stack = DockerStack.labelled(Layout.EMPTY_VOLUME)) {
      Map<String, ContainerState> before = stack.states();
      DockerOptions asTheGuideDoes = DockerOptions.NONE.withVolume(stack.storeVolume());
      BackupException failure =
          fails(
              () -> backups().create(find(stack, access, asTheGuideDoes), BackupRequest.STANDARD));
      assertThat(failure.kind()).isEqualTo(Kind.INCONSISTENT);
      assertThat(failure.getMessage()).contains(stack.storeVolume()).contains("no collection");
      assertThat(backups().list()).isEmpty();
      assertThat(stack.states()).isEqualTo(before);
    }
  }

  @Test
  void withoutAHoldRunningContainersAreRefusedAndStoppedOnesAreNot() throws Exception {
    try (EngineAccess access = EngineAccess.of(Way.ON_THIS_HOST);
        DockerStack stack = DockerStack.labelled(Layout.DATABASE_IN_LAYER)) {
      Installation installation = find(stack, access, DockerOptions.NONE);
      BackupRequest unheld = BackupRequest.named("first").withQuiesce(Quiesce.NONE);
      assertThat(fails(() -> backups().create(installation, unheld)).kind()).isEqualTo(Kind.LOCKED);
      stack.stopAll();
      StackContents stopped = stack.contents();
      backups().create(installation, unheld);
      assertThat(StoredContents.of(temp.resolve("backups/first"))).isEqualTo(stopped);
    }
  }

  @Test
  void aContainerThatIsRemovedDuringTheRunIsNamedAndTheOthersRun() throws Exception {
    try (EngineAccess access = EngineAccess.of(Way.ON_THIS_HOST);
        DockerStack stack = DockerStack.doomed(Layout.BOUND_API, temp.resolve("openmemory"))) {
      Installation installation = find(stack, access, DockerOptions.NONE);
      Backups backups =
          backups()
              .withListener(
                  event -> {
                    if (event instanceof BackupEvent.PhaseStarted phase
                        && phase.phase() == Phase.HOLD) {
                      Docker.run("rm", "--force", stack.storeContainer());
                    }
                  });
      BackupException failure = fails(() -> backups.create(installation, BackupRequest.STANDARD));
      assertThat(failure.kind()).isEqualTo(Kind.NOT_FOUND);
      assertThat(failure.getMessage()).contains(stack.storeContainer()).contains("removed");
      assertThat(ContainerState.of(stack.apiContainer()).isRunning()).isTrue();
      assertThat(stack.home().resolve(".openmemory-backup/held.json")).doesNotExist();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aContainerThatSomebodyElsePausedIsBackedUpAndLeftAloneAndNoRestoreGoesBelowIt(Way way)
      throws Exception {
    try (EngineAccess access = EngineAccess.of(way);
        DockerStack stack = DockerStack.labelled(Layout.DATABASE_IN_LAYER)) {
      Installation installation = find(stack, access, DockerOptions.NONE);
      Docker.pause(stack.apiContainer());
      Docker.pause(stack.storeContainer());
      StackContents paused = stack.contents();
      Map<String, ContainerState> before = stack.states();
      backups().create(installation, BackupRequest.named("first"));
      assertThat(StoredContents.of(temp.resolve("backups/first"))).isEqualTo(paused);
      assertThat(
              fails(() -> backups().restore(FIRST, installation, RestoreRequest.STANDARD)).kind())
          .isEqualTo(Kind.LOCKED);
      assertThat(stack.states()).isEqualTo(before);
      assertThat(stack.contents()).isEqualTo(paused);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aRestoredDatabaseHasItsOwnerAndNoStaleJournal(Way way) throws Exception {
    try (EngineAccess access = EngineAccess.of(way);
        DockerStack stack = DockerStack.labelled(Layout.DATABASE_VOLUME)) {
      Installation installation = find(stack, access, DockerOptions.NONE);
      Docker.run("exec", stack.apiContainer(), "chown", "1234:2345", "/data/openmemory.db");
      Docker.run("exec", stack.apiContainer(), "chmod", "640", "/data/openmemory.db");
      backups().create(installation, BackupRequest.named("first"));
      StackContents captured = StoredContents.of(temp.resolve("backups/first"));
      stack.stopAll();
      leaveAStaleJournal(stack);

      backups().restore(FIRST, installation, RestoreRequest.STANDARD);

      assertThat(stack.contents()).isEqualTo(captured);
      stack.startAll();
      assertThat(
              Docker.run(
                  "exec", stack.apiContainer(), "stat", "-c", "%u:%g %a", "/data/openmemory.db"))
          .isEqualTo("1234:2345 640");
      assertThat(stack.contents().rows()).containsAll(captured.rows());
    }
  }

  /** The journal of a killed process: the next to open the database would roll it back. */
  private void leaveAStaleJournal(DockerStack stack) throws IOException {
    Path copy = temp.resolve("journal");
    Files.write(copy, "a journal of another database".repeat(100).getBytes(StandardCharsets.UTF_8));
    Docker.run("cp", copy.toString(), stack.apiContainer() + ":/data/openmemory.db-journal");
  }

  private static BackupException fails(ThrowingCallable call) {
    BackupException failure = failureOf(call);
    return failure;
  }

  private Backups backups() {
    return Backups.in(target);
  }

  private static Installation find(DockerStack stack, EngineAccess access, DockerOptions options)
      throws IOException {
    return DockerDiscovery.find(stack.home(), options, access.environment()).installation();
  }
}
