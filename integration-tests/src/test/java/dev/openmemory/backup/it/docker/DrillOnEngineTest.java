package dev.openmemory.backup.it.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.BackupName;
import dev.openmemory.backup.BackupRequest;
import dev.openmemory.backup.BackupTargets;
import dev.openmemory.backup.Backups;
import dev.openmemory.backup.Installation;
import dev.openmemory.backup.docker.DockerDiscovery;
import dev.openmemory.backup.docker.DockerOptions;
import dev.openmemory.backup.docker.DockerTrial;
import dev.openmemory.backup.drill.DrillReport;
import dev.openmemory.backup.drill.DrillReport.Outcome;
import dev.openmemory.backup.drill.DrillRequest;
import dev.openmemory.backup.sample.ChildJvm;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.testconditions.Requires;
import dev.openmemory.backup.verify.VerifyReport.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Backups of live stacks on trial in containers of their own. */
@Tag("services")
@ResourceLock("helper containers")
@Timeout(180)
class DrillOnEngineTest {
  private static final BackupName FIRST = new BackupName("first");
  private static final String OURS = "label=dev.openmemory.backup.helper";

  @TempDir static Path made;
  @TempDir Path temp;
  private BackupTarget target;
  private Backups backups;

  @BeforeAll
  static void backUpALiveStack() throws IOException {
    Requires.that(StackImages.canBeMade(), "a Docker engine, busybox and sqlite3");
    try (EngineAccess access = EngineAccess.of(Way.ON_THIS_HOST);
        DockerStack stack = DockerStack.labelled(Layout.BOUND_API);
        BackupTarget target = BackupTargets.open(made.resolve("backups"))) {
      stack.awaitWriting(5);
      Installation installation =
          DockerDiscovery.find(stack.home(), DockerOptions.NONE, access.environment())
              .installation();
      Backups.in(target).create(installation, BackupRequest.named("first"));
    }
  }

  @BeforeEach
  void openACopy() throws IOException {
    Docker.expectSuccess(List.of("cp", "-a", made.resolve("backups").toString(), temp.toString()));
    target = BackupTargets.open(temp.resolve("backups"));
    backups = Backups.in(target).withScratch(Files.createDirectories(scratch()));
  }

  @AfterEach
  void nothingIsLeft() throws IOException {
    if (target != null) {
      target.close();
      assertThat(ours()).isEmpty();
      try (Stream<Path> left = Files.list(scratch())) {
        assertThat(left).isEmpty();
      }
    }
  }

  @Test
  void aBackupIsProvenInAContainerOfTheImageThatItNames() throws Exception {
    try (EngineAccess access = EngineAccess.of(Way.ON_THIS_HOST)) {
      DrillReport report = drill(access, Optional.empty());

      assertThat(report.problems()).isEmpty();
      assertThat(report.outcome()).isEqualTo(Outcome.PROVEN);
      assertThat(report.seen().orElseThrow().by()).contains("container of image sha256:");
      assertThat(report.seen().orElseThrow().matchedIds().orElseThrow()).isGreaterThan(4);
      assertThat(backups.find(FIRST).proof()).isPresent();
    }
  }

  @Test
  void theContainerHasNoWayOutAndNoRights() throws Exception {
    try (EngineAccess access = EngineAccess.of(Way.ON_THIS_HOST)) {
      drillAndLook(
          access,
          () -> {
            String container = Docker.run("ps", "--quiet", "--filter", OURS);
            String network = Docker.run("network", "ls", "--quiet", "--filter", OURS);
            assertThat(Docker.run("network", "inspect", "--format", "{{.Internal}}", network))
                .isEqualTo("true");
            assertThat(
                    Docker.inspect(
                        container,
                        "{{.HostConfig.ReadonlyRootfs}} {{.HostConfig.CapDrop}}"
                            + " {{len .HostConfig.PortBindings}} {{len .NetworkSettings.Networks}}"))
                .isEqualTo("true [ALL] 0 1");
            assertThat(Docker.attempt("exec", container, "touch", "/x").isSuccess()).isFalse();
          });
    }
  }

  @Test
  void anImageThatIsMissingIsAReasonOrAnErrorButIsNeverFetchedUnasked() throws Exception {
    try (EngineAccess access = EngineAccess.of(Way.ON_THIS_HOST)) {
      assertThatThrownBy(() -> drill(access, Optional.of("openmemory-backup-test/none:1")))
          .isInstanceOfSatisfying(
              BackupException.class,
              e -> {
                assertThat(e.kind()).isEqualTo(Kind.NOT_FOUND);
                assertThat(e.operation()).isEqualTo("find image");
              });
    }
  }

  @Test
  void anEngineThatSharesNoFilesWithThisHostIsAReason() throws Exception {
    try (EngineAccess access = EngineAccess.of(Way.THROUGH_THE_ENGINE)) {
      DrillReport report = drill(access, Optional.empty());

      assertThat(report.outcome()).isEqualTo(Outcome.PARTLY);
      assertThat(report.notBooted())
          .hasValueSatisfying(reason -> assertThat(reason).contains("is not of this host"));
    }
  }

  @Test
  void aContainerThatEndsIsQuoted() throws Exception {
    try (EngineAccess access = EngineAccess.of(Way.ON_THIS_HOST)) {
      String image = image("echo 'Panic: no storage'; exit 101");
      DrillReport report = drill(access, Optional.of(image));

      assertThat(report.outcome()).isEqualTo(Outcome.FAILED);
      assertThat(report.problems())
          .extracting(Problem::message)
          .singleElement()
          .asString()
          .contains("ended with exit code 101; it said: Panic: no storage");
    }
  }

  @Test
  void afterAKillTheNextDrillRemovesContainerAndNetwork() throws Exception {
    try (EngineAccess access = EngineAccess.of(Way.ON_THIS_HOST)) {
      String image = image("sleep 1000");
      try (ChildJvm child =
          ChildJvm.start(
              DrillOnEngineChild.class,
              List.of("-XX:TieredStopAtLevel=1"),
              temp.resolve("backups"),
              scratch(),
              "first",
              access.environment().get("DOCKER_HOST"),
              image)) {
        awaitContainer();
        child.kill();
        assertThat(ours()).hasSize(2);
      }

      assertThat(drill(access, Optional.empty()).outcome()).isEqualTo(Outcome.PROVEN);
    }
  }

  /** An image of the stack's programs that does something else when it is started. */
  private static String image(String command) {
    String name = "openmemory-backup-test/trial:" + System.nanoTime();
    String container =
        Docker.run(
            "create", "--label", StackImages.RUN_LABEL, StackImages.shared().store(), "true");
    Docker.run(
        "commit",
        "--change",
        "LABEL " + StackImages.RUN_LABEL,
        "--change",
        "CMD [\"sh\", \"-c\", \"" + command + "\"]",
        container,
        name);
    Docker.run("rm", container);
    return name;
  }

  private DrillReport drill(EngineAccess access, Optional<String> image) throws IOException {
    return backups.drill(
        FIRST,
        DrillRequest.STANDARD.withServer(DockerTrial.server(image, false, access.environment())));
  }

  private interface Look {
    void run();
  }

  /** Looks while a container runs that never serves, and lets the drill give it up. */
  private void drillAndLook(EngineAccess access, Look look) throws Exception {
    DrillRequest request =
        DrillRequest.STANDARD
            .withServer(
                DockerTrial.server(Optional.of(image("sleep 1000")), false, access.environment()))
            .withPatience(Duration.ofSeconds(20));
    Thread drill =
        new Thread(
            () -> {
              try {
                backups.drill(FIRST, request);
              } catch (IOException e) {
                assertThat(e)
                    .isInstanceOfSatisfying(
                        BackupException.class, b -> assertThat(b.kind()).isEqualTo(Kind.CANCELLED));
              }
            });
    drill.start();
    try {
      awaitContainer();
      look.run();
    } finally {
      drill.interrupt();
      drill.join();
    }
  }

  private static void awaitContainer() throws InterruptedException {
    long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (Docker.run("ps", "--quiet", "--filter", OURS).isEmpty()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("no container was started");
      }
      Thread.sleep(50);
    }
  }

  private static List<String> ours() {
    return Stream.of(
            Docker.run("ps", "--all", "--quiet", "--filter", OURS),
            Docker.run("network", "ls", "--quiet", "--filter", OURS))
        .flatMap(String::lines)
        .toList();
  }

  private Path scratch() {
    return temp.resolve("scratch");
  }
}
