package dev.openmemory.backup.docker.internal.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.Installation.Writers;
import dev.openmemory.backup.Manifest.Component;
import dev.openmemory.backup.Quiesce;
import dev.openmemory.backup.docker.internal.engine.EngineDouble;
import dev.openmemory.backup.docker.internal.engine.StubbornContainer;
import dev.openmemory.backup.docker.internal.engine.StubbornContainer.Fault;
import dev.openmemory.backup.internal.pause.AffectedWriters;
import dev.openmemory.backup.internal.pause.HeldWriters;
import dev.openmemory.backup.spi.ProviderOptions;
import dev.openmemory.backup.spi.Writer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Containers that ignore SIGTERM run after each failed hold, and long after it. */
@Timeout(60)
class StubbornContainersTest {
  private static final Duration LONG_AFTER = Duration.ofMinutes(2);
  private static final List<Writer> WRITERS =
      List.of(new Writer("api", "api"), new Writer("store", "store"));

  /** What a hold by stopping asks of the engine, in its order. */
  private static final List<String[]> STEPS = steps("stop");

  private static List<String[]> steps(String last) {
    return List.of(
        new String[] {"api", "pause"},
        new String[] {"store", "pause"},
        new String[] {"api", last},
        new String[] {"store", last});
  }

  @TempDir private Path folder;
  private EngineDouble engine;
  private Map<String, StubbornContainer> containers;
  private DockerWriterControl control;

  @BeforeEach
  void start() throws IOException {
    engine = new EngineDouble(folder);
    containers =
        Map.of(
            "api", StubbornContainer.in(engine, "api"),
            "store", StubbornContainer.in(engine, "store"));
    control = control();
  }

  @AfterEach
  void stop() throws IOException {
    engine.close();
  }

  private DockerWriterControl control() throws IOException {
    return control(Optional.empty());
  }

  private DockerWriterControl control(Optional<String> store) throws IOException {
    return new DockerWriterControl(
        engine::connect,
        List.of("api", "store"),
        store,
        Optional.empty(),
        QdrantKeys.of(new ProviderOptions("docker", Map.of())));
  }

  private HeldWriters writers() {
    return HeldWriters.of(
        folder, new Writers("docker", Map.of()), control, Clock.systemUTC(), WRITERS);
  }

  @Test
  void allArePausedBeforeTheFirstIsStoppedAndRunAgainAtTheEnd() throws IOException {
    try (HeldWriters held = writers()) {
      held.hold(Quiesce.STOP, new Cancellation());

      assertThat(states(Duration.ZERO)).containsOnly("exited");
      assertThat(engine.count("POST /containers/store/pause")).isOne();
    }
    assertThat(states(LONG_AFTER)).containsOnly("running");
    assertThat(record()).doesNotExist();
  }

  /** The engine resumes a paused container to stop it; until its end it would confirm changes. */
  @Test
  void noneOfThemRunsAgainOnceAllArePausedForAnExchange() throws IOException {
    try (HeldWriters held = writers()) {
      held.stopForExchange(new Cancellation());

      assertThat(states(Duration.ZERO)).containsOnly("exited");
      assertThat(engine.waited()).isZero();
      for (String name : List.of("api", "store")) {
        assertThat(engine.count("POST /containers/" + name + "/kill")).isOne();
        assertThat(engine.count("POST /containers/" + name + "/stop")).isZero();
      }
    }
    assertThat(states(LONG_AFTER)).containsOnly("running");
  }

  @Test
  void aQdrantWithVectorsThatStayIsNeitherPausedNorKilled() throws IOException {
    control = control(Optional.of("store"));
    AffectedWriters affected = new AffectedWriters(control, Set.of(Component.CONFIG));
    Writers docker = new Writers("docker", Map.of());
    try (HeldWriters held = HeldWriters.running(folder, docker, affected, Clock.systemUTC())) {
      held.stopForExchange(new Cancellation());

      assertThat(states(Duration.ZERO)).containsExactly("exited", "running");
      assertThat(held.nowRunning()).isEmpty();
      for (String call : List.of("pause", "kill", "stop")) {
        assertThat(engine.count("POST /containers/store/" + call)).isZero();
      }
    }
    assertThat(states(LONG_AFTER)).containsOnly("running");
    assertThat(new AffectedWriters(control, Set.of(Component.VECTORS)).running()).hasSize(2);
  }

  @Test
  void aContainerThatAStopWouldRemoveIsNamedBeforeAnyIsPausedOrStopped() throws IOException {
    container("store").removeAtEnd();
    try (HeldWriters held = writers()) {
      assertThatThrownBy(() -> held.hold(Quiesce.STOP, new Cancellation()))
          .isInstanceOfSatisfying(
              BackupException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNSUPPORTED))
          .hasMessageContaining("container store")
          .hasMessageContaining("--rm");
      assertThat(engine.count("POST /containers/api/pause")).isZero();
      assertThat(record()).doesNotExist();

      held.hold(Quiesce.PAUSE, new Cancellation());
      assertThat(states(Duration.ZERO)).containsOnly("paused");
    }
    assertThat(states(LONG_AFTER)).containsOnly("running");
  }

  static Stream<Arguments> faults() {
    List<Arguments> all = new ArrayList<>();
    for (String[] step : Stream.concat(STEPS.stream(), steps("kill").stream()).toList()) {
      for (Fault fault : List.of(Fault.ERROR, Fault.CUT_OFF, Fault.INTERRUPTED)) {
        all.add(Arguments.of(step[0], step[1], fault));
      }
    }
    return all.stream();
  }

  @ParameterizedTest
  @MethodSource("faults")
  void whateverEndsAHoldNoPendingStopTakesEffectAfterIt(String name, String call, Fault fault)
      throws IOException {
    Cancellation cancellation = new Cancellation();
    Thread worker = Thread.currentThread();
    container(name)
        .fail(
            call,
            fault,
            () -> {
              cancellation.cancel();
              worker.interrupt();
            });
    Throwable failure;
    try (HeldWriters held = writers()) {
      failure =
          catchThrowable(
              () -> {
                if (call.equals("kill")) {
                  held.stopForExchange(cancellation);
                } else {
                  held.hold(Quiesce.STOP, cancellation);
                }
              });
    }

    assertThat(Thread.interrupted()).isEqualTo(fault == Fault.INTERRUPTED);
    // What was said to fail and did not counts.
    assertThat(failure == null).isEqualTo(!call.equals("stop") && fault == Fault.ERROR);
    assertThat(states(LONG_AFTER)).containsOnly("running");
    assertThat(record()).doesNotExist();
  }

  @ParameterizedTest
  @MethodSource("kills")
  void afterAKillTheNextRunResumesThemForGood(int steps) throws IOException {
    for (String[] step : STEPS.subList(0, steps)) {
      container(step[0]).take(step[1]);
    }
    for (Writer writer : WRITERS) {
      control.resume(writer);
    }
    control.keepRunning(WRITERS);

    assertThat(states(LONG_AFTER)).containsOnly("running");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void oneThatEndsSoonAfterItsStartIsRecordedUntilItRunsOn(boolean startedAgain)
      throws IOException {
    Duration stopped;
    try (HeldWriters held = writers()) {
      held.hold(Quiesce.STOP, new Cancellation());
      container("api").endBy(Duration.ofSeconds(2), 3, startedAgain);
      stopped = engine.waited();
    }

    assertThat(engine.waited().minus(stopped))
        .isGreaterThanOrEqualTo(Duration.ofSeconds(3 * 2 + 3));
    assertThat(states(LONG_AFTER)).containsOnly("running");
    assertThat(record()).doesNotExist();
  }

  @Test
  void anEngineThatAnswersNoMoreDuringTheWatchLeavesTheRecordToTheNextRun() throws IOException {
    HeldWriters held = writers();
    held.hold(Quiesce.STOP, new Cancellation());
    container("api").hideAfter(engine.waited().plusSeconds(1));

    assertThatThrownBy(held::close)
        .isInstanceOf(BackupException.class)
        .hasMessageContaining("container api")
        .hasMessageContaining("broken");

    assertThat(record()).exists();
    assertThat(states(LONG_AFTER)).containsOnly("running");
  }

  /** Also where the containers have only just been started: the watch begins again. */
  @Test
  void afterAKillDuringTheWatchTheNextRunWatchesThemAgain() throws IOException {
    HeldWriters killed = writers();
    killed.hold(Quiesce.STOP, new Cancellation());
    container("api").endBy(Duration.ofSeconds(2), 1, false);
    killed.resume();
    assertThat(record()).exists();

    control = control();
    for (Writer writer : WRITERS) {
      control.resume(writer);
    }
    control.keepRunning(WRITERS);

    assertThat(states(LONG_AFTER)).containsOnly("running");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void oneThatEndsAgainAndAgainIsNamedAndStaysRecorded(boolean startedAgain) throws IOException {
    HeldWriters held = writers();
    held.hold(Quiesce.STOP, new Cancellation());
    container("api").endBy(Duration.ofSeconds(2), 1000, startedAgain);

    assertThatThrownBy(held::close)
        .isInstanceOfSatisfying(
            BackupException.class, e -> assertThat(e.location()).isEqualTo("container api"))
        .hasMessageContaining("ends again and again")
        .hasMessageContaining("docker logs api");

    assertThat(record()).exists();
    assertThat(states(Duration.ZERO)).last().isEqualTo("running");
  }

  static Stream<Integer> kills() {
    return Stream.of(1, 2, 3, 4);
  }

  private StubbornContainer container(String name) {
    return Objects.requireNonNull(containers.get(name));
  }

  private List<String> states(Duration after) {
    engine.letWait(after);
    return WRITERS.stream().map(w -> container(w.name()).stateAfter(Duration.ZERO)).toList();
  }

  private Path record() {
    return folder.resolve(".openmemory-backup/held.json");
  }
}
