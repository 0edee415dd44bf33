package dev.openmemory.backup.it.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openmemory.backup.BackupEvent;
import dev.openmemory.backup.BackupListener;
import dev.openmemory.backup.BackupName;
import dev.openmemory.backup.BackupReport;
import dev.openmemory.backup.BackupRequest;
import dev.openmemory.backup.BackupTargets;
import dev.openmemory.backup.Backups;
import dev.openmemory.backup.Facts;
import dev.openmemory.backup.Installation;
import dev.openmemory.backup.RestoreReport;
import dev.openmemory.backup.RestoreRequest;
import dev.openmemory.backup.Warning;
import dev.openmemory.backup.docker.DockerDiscovery;
import dev.openmemory.backup.docker.DockerOptions;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.testconditions.Requires;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Live stacks backed up while they write, destroyed, and restored, in every layout. */
@Tag("services")
@ResourceLock("helper containers")
class LiveStackTest {
  private static final BackupName FIRST = new BackupName("first");

  @TempDir Path temp;
  private BackupTarget target;
  private Backups backups;

  @BeforeEach
  void open() throws IOException {
    Requires.that(StackImages.canBeMade(), "a Docker engine, busybox and sqlite3");
    target = BackupTargets.open(temp.resolve("backups"));
    backups = Backups.in(target);
  }

  @AfterEach
  void close() throws IOException {
    if (target != null) {
      target.close();
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatWasCapturedOfALiveStackComesBackAfterItsDestruction(Layout layout) throws Exception {
    comesBack(layout, Way.ON_THIS_HOST);
  }

  @ParameterizedTest
  @EnumSource
  void thatReadAndWrittenThroughTheEngineToo(Layout layout) throws Exception {
    comesBack(layout, Way.THROUGH_THE_ENGINE);
  }

  @Test
  void thatOfARealComposeToo() throws Exception {
    Requires.that(Composed.isPossible(), "docker-compose");
    try (EngineAccess access = EngineAccess.of(Way.ON_THIS_HOST);
        DockerStack stack = DockerStack.composed(Layout.BOUND_API)) {
      comesBack(stack, find(stack, access, DockerOptions.NONE), Layout.BOUND_API);
    }
  }

  @Test
  void thatOfContainersWithoutLabelsTooWhenTheyAreNamed() throws Exception {
    try (EngineAccess access = EngineAccess.of(Way.ON_THIS_HOST);
        DockerStack stack = DockerStack.plain(Layout.BOUND_API, temp.resolve("openmemory"))) {
      DockerOptions named = DockerOptions.NONE.withContainer(stack.storeContainer());
      comesBack(stack, find(stack, access, named), Layout.BOUND_API);
    }
  }

  private void comesBack(Layout layout, Way way) throws Exception {
    try (EngineAccess access = EngineAccess.of(way);
        DockerStack stack = DockerStack.labelled(layout)) {
      comesBack(stack, find(stack, access, DockerOptions.NONE), layout);
    }
  }

  private void comesBack(DockerStack stack, Installation installation, Layout layout)
      throws Exception {
    stack.awaitWriting(10);
    Map<String, ContainerState> before = stack.states();
    BackupReport report = backups.create(installation, BackupRequest.named("first"));
    assertThat(stack.states()).as("containers after the backup").isEqualTo(before);
    assertThat(report.held().orElseThrow().writers())
        .containsExactly(stack.apiContainer(), stack.storeContainer());
    assertThat(report.manifest().quiesce()).isEqualTo("pause");
    assertThat(report.manifest().warnings())
        .extracting(Warning::code)
        .filteredOn("vectors-in-container-layer"::equals)
        .hasSize(layout == Layout.EMPTY_VOLUME ? 1 : 0);
    assertThat(backups.verify(FIRST).problems()).isEmpty();
    assertThat(temp.resolve("backups/first/manifest.json"))
        .content()
        .doesNotContain(StackPlan.SECRET);
    StackContents captured = StoredContents.of(temp.resolve("backups/first"));
    assertThat(captured).matches(StackContents::isOneInstant);
    assertThat(captured.rows()).hasSizeGreaterThan(10);
    assertThat(report.manifest().component("vectors").orElseThrow().facts())
        .satisfies(
            facts ->
                assertThat(facts.number("points", "openmemory")).hasValue(captured.points().size()))
        .satisfies(facts -> comparedExactly(facts, captured));

    stack.awaitWriting(3);
    stack.destroyData();
    Map<String, ContainerState> stopped = stack.states();
    RestoreReport restored = backups.restore(FIRST, installation, RestoreRequest.STANDARD);
    assertThat(stack.states()).as("containers after the restore").isEqualTo(stopped);
    assertThat(restored.components()).containsExactly("database", "config", "vectors");
    assertThat(stack.contents()).isEqualTo(captured);
    noHelpersAreLeft();

    stack.startAll();
    StackContents continued = stack.contents();
    assertThat(continued).matches(StackContents::isOneInstant);
    assertThat(continued.rows()).containsAll(captured.rows());
  }

  /** At the instant of the capture, although rows and points are written all the time. */
  private static void comparedExactly(Facts facts, StackContents captured) {
    int rows = captured.rows().size();
    assertThat(facts.number("crossCheck", "memories")).hasValue(rows);
    assertThat(facts.number("crossCheck", "matched")).hasValue(rows);
    assertThat(facts.number("crossCheck", "withoutVector", "count")).hasValue(0);
    assertThat(facts.number("crossCheck", "withoutMemory", "count"))
        .hasValue(captured.points().size() - rows);
    assertThat(facts.values().get("crossCheck"))
        .asInstanceOf(InstanceOfAssertFactories.MAP)
        .containsEntry("oneInstant", true);
  }

  @Test
  void memoriesWhoseVectorsAreGoneAreNamed() throws Exception {
    try (EngineAccess access = EngineAccess.of(Way.ON_THIS_HOST);
        DockerStack stack = DockerStack.labelled(Layout.BOUND_API)) {
      stack.awaitWriting(20);
      List<String> removed = stack.removeOldestPoints(5);

      BackupReport report =
          backups.create(find(stack, access, DockerOptions.NONE), BackupRequest.named("first"));

      assertThat(report.manifest().warnings())
          .filteredOn(warning -> warning.code().equals("memories-without-vector"))
          .singleElement()
          .satisfies(warning -> assertThat(warning.message()).contains(removed))
          .satisfies(warning -> assertThat(warning.message()).startsWith("5 memories"));
      assertThat(report.manifest().component("vectors").orElseThrow().facts())
          .satisfies(
              facts ->
                  assertThat(facts.texts("crossCheck", "withoutVector", "first"))
                      .containsExactlyInAnyOrderElementsOf(removed));
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"BOUND_API", "EMPTY_VOLUME"})
  void aRunningStackIsStoppedRestoredAndStartedAgain(Layout layout) throws Exception {
    goesOn(layout, Way.ON_THIS_HOST);
  }

  @Test
  void oneThatIsRestoredThroughTheEngineToo() throws Exception {
    goesOn(Layout.DATABASE_IN_LAYER, Way.THROUGH_THE_ENGINE);
  }

  private void goesOn(Layout layout, Way way) throws Exception {
    try (EngineAccess access = EngineAccess.of(way);
        DockerStack stack = DockerStack.labelled(layout)) {
      Installation installation = find(stack, access, DockerOptions.NONE);
      backups.create(installation, BackupRequest.named("first"));
      StackContents captured = StoredContents.of(temp.resolve("backups/first"));
      stack.awaitWriting(5);
      StackContents later = stack.contents();
      Map<String, ContainerState> before = stack.states();

      backups.restore(FIRST, installation, RestoreRequest.STANDARD);

      Map<String, ContainerState> after = stack.states();
      assertThat(after.values()).allMatch(ContainerState::isRunning);
      assertThat(after.get(StackPlan.UI)).isEqualTo(before.get(StackPlan.UI));
      assertThat(after.get(StackPlan.STORE).startedAt())
          .isAfter(before.get(StackPlan.STORE).startedAt());
      stack.awaitWriting(3);
      StackContents now = stack.contents();
      assertThat(now).matches(StackContents::isOneInstant);
      assertThat(now.rows()).containsAll(captured.rows());
      Set<String> undone = new HashSet<>(later.rows());
      undone.removeAll(captured.rows());
      undone.retainAll(now.rows());
      // The writer's next id is in the captured database, so it comes again.
      assertThat(undone).hasSizeLessThan(2);
      assertThat(stack.home().resolve(".openmemory-backup/held.json")).doesNotExist();
    }
  }

  @Test
  void noChangeThatIsConfirmedAfterTheFirstStopIsToldIsLost() throws Exception {
    try (EngineAccess access = EngineAccess.of(Way.ON_THIS_HOST);
        DockerStack stack = DockerStack.labelled(Layout.BOUND_API)) {
      Installation installation = find(stack, access, DockerOptions.NONE);
      backups.create(installation, BackupRequest.named("first"));
      stack.awaitWriting(5);
      List<Double> stops = new ArrayList<>();
      BackupListener listener =
          event -> {
            if (event instanceof BackupEvent.Stopping) {
              stops.add(DockerStack.uptime());
            }
          };

      backups.withListener(listener).restore(FIRST, installation, RestoreRequest.STANDARD);

      stack.awaitWriting(20);
      Set<String> confirmed = stack.confirmedSince(stops.get(0));
      assertThat(confirmed).hasSizeGreaterThan(10);
      assertThat(stack.contents().rows()).containsAll(confirmed);
    }
  }

  /** The command line in the home of the second is given no address and no name. */
  @Test
  void fromTheHomeOfASecondInstallationItsOwnQdrantIsAsked() throws Exception {
    try (DockerStack first = DockerStack.labelled(Layout.BOUND_API);
        DockerStack second =
            DockerStack.doomed(Layout.BOUND_API, temp.resolve("second").resolve("openmemory"))) {
      GuideShell shell = new GuideShell(second, temp.resolve("programs"));
      inStore(first, "rm -rf snapshots uploaded");

      assertThat(shell.run("openmemory-backup snapshot create")).contains("openmemory-20");
      String name = inStore(second, "ls snapshots/openmemory");
      assertThat(name).endsWith(".snapshot");
      inStore(first, "mkdir -p snapshots/openmemory");
      inStore(first, "cd snapshots/openmemory && touch first.snapshot " + name);
      assertThat(shell.run("openmemory-backup snapshot list"))
          .contains(name)
          .contains(second.storeContainer())
          .doesNotContain("first.snapshot");
      shell.run("echo it >file.snapshot\nopenmemory-backup snapshot upload file.snapshot --yes");
      assertThat(inStore(second, "cat uploaded")).isEqualTo("uploaded");
      shell.run("openmemory-backup snapshot delete --yes " + name);
      assertThat(inStore(second, "ls snapshots/openmemory")).isEmpty();
      assertThat(shell.run("openmemory-backup backup one")).contains(second.storeVolume());
      assertThat(shell.run("openmemory-backup drill")).contains("restore test passed");

      assertThat(inStore(first, "ls . snapshots/openmemory"))
          .doesNotContain("uploaded")
          .contains("first.snapshot", name);
      assertThat(StoredContents.of(second.home().resolve("backups/one")).rows())
          .isSubsetOf(second.contents().rows());
      second.stopAll();
      assertThatThrownBy(() -> shell.run("openmemory-backup snapshot list"))
          .hasMessageContaining(second.storeContainer() + " is not running");
    }
  }

  private static String inStore(DockerStack stack, String command) {
    return Docker.run("exec", stack.storeContainer(), "sh", "-c", "cd /qdrant && " + command);
  }

  private static Installation find(DockerStack stack, EngineAccess access, DockerOptions options)
      throws IOException {
    return DockerDiscovery.find(stack.home(), options, access.environment()).installation();
  }

  private static void noHelpersAreLeft() {
    assertThat(Docker.run("ps", "-aq", "--filter", "label=dev.openmemory.backup.helper")).isEmpty();
    assertThat(Docker.run("images", "-q", "openmemory-backup/empty")).isEmpty();
  }
}
