package dev.openmemory.backup.docker.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.exception.NotFoundException;
import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.docker.internal.engine.EngineDirectory.InContainer;
import dev.openmemory.backup.docker.internal.engine.EngineDirectory.InVolume;
import dev.openmemory.backup.internal.process.Host;
import dev.openmemory.backup.internal.process.Owner;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What only a real engine can answer. */
@Tag("services")
@Timeout(120)
class DockerEngineTest {
  @TempDir private Path folder;
  private static RealEngine real;
  private DockerEngine engine;

  @BeforeAll
  static void startAll() throws IOException {
    real = new RealEngine();
  }

  @AfterAll
  static void endAll() throws IOException {
    if (real != null) {
      real.close();
    }
  }

  @BeforeEach
  void connect() throws IOException {
    engine = real.connect();
  }

  @AfterEach
  void cleanUp() throws IOException {
    try {
      if (engine != null) {
        engine.close();
      }
    } finally {
      real.removeAll();
    }
  }

  @Test
  void aVolumeIsWrittenReadAndClearedWithAllThatIsEasilyLost() throws IOException {
    InVolume volume = new InVolume(real.volume(Map.of()));

    engine.files().write(volume, SampleTar.write(folder.resolve("sample.tar")));
    assertThat(list(volume)).isEqualTo(SampleTar.LISTED);

    engine.files().clear(volume);
    assertThat(list(volume)).containsOnlyKeys("./").containsEntry("./", SampleTar.LISTED.get("./"));

    engine.files().clear(volume);
    engine.files().write(volume, folder.resolve("sample.tar"));
    assertThat(list(volume)).isEqualTo(SampleTar.LISTED);
  }

  @Test
  void anEngineOnAnotherHostDoesTheSameOverItsDockerProgram() throws IOException {
    engine.close();
    engine = real.connectAsOverSsh();

    aVolumeIsWrittenReadAndClearedWithAllThatIsEasilyLost();
    String container = container(List.of(), create -> {});
    engine.resume(container);
    assertThat(real.status(container)).isEqualTo("running");
    engine.pause(container, new Cancellation());
    assertThat(real.status(container)).isEqualTo("paused");
    engine.end(container);
    assertThat(real.status(container)).isEqualTo("exited");
  }

  @Test
  void aDirectoryInALayerIsMadeAgainAsItWas() throws IOException {
    String container = container(List.of(), create -> create.withUser("1000"));
    InContainer data = new InContainer(container, "/data");
    assertThat(list(data).get("./")).startsWith("d 2750 1234/4321 ");
    Map<String, String> before = list(data);

    engine.files().write(data, SampleTar.write(folder.resolve("sample.tar")));
    assertThat(list(data)).isEqualTo(SampleTar.LISTED);

    engine.files().clear(data);
    assertThat(list(data)).containsOnlyKeys("./").containsEntry("./", SampleTar.LISTED.get("./"));
    assertThat(before).containsOnlyKeys("./");
  }

  @Test
  void aVolumeMayBeClearedAndReadThroughTheContainerThatRuns() throws IOException {
    String volume = real.volume(Map.of());
    String container = container(List.of(volume + ":/vol"), create -> {});
    engine.files().write(new InVolume(volume), SampleTar.write(folder.resolve("sample.tar")));
    real.client().startContainerCmd(container).exec();
    InContainer inside = new InContainer(container, "/vol");

    assertThat(list(inside)).isEqualTo(SampleTar.LISTED);
    engine.pause(container, new Cancellation());
    assertThat(list(inside)).isEqualTo(SampleTar.LISTED);
    engine.files().clear(inside);

    assertThat(list(new InVolume(volume))).containsOnlyKeys("./");
  }

  @Test
  void aDirectoryWithAVolumeBelowIsNotCleared() throws IOException {
    String volume = real.volume(Map.of());
    String container = container(List.of(volume + ":/data/vol"), create -> {});
    engine.files().write(new InVolume(volume), SampleTar.write(folder.resolve("sample.tar")));

    assertKind(Kind.UNSUPPORTED, () -> engine.files().clear(new InContainer(container, "/data")));

    assertThat(list(new InVolume(volume))).isEqualTo(SampleTar.LISTED);
  }

  @Test
  void aReadOnlyMountIsNotClearedAndTheReasonIsGiven() throws IOException {
    String volume = real.volume(Map.of());
    String container = container(List.of(volume + ":/vol:ro"), create -> {});
    engine.files().write(new InVolume(volume), SampleTar.write(folder.resolve("sample.tar")));

    BackupException failure =
        thrown(
            () ->
                engine
                    .files()
                    .write(new InContainer(container, "/vol"), folder.resolve("sample.tar")));
    assertThat(failure.fact()).contains("read-only");

    assertThat(list(new InVolume(volume))).isEqualTo(SampleTar.LISTED);
  }

  @Test
  void aShellClearsWhereTheEngineDoesNot() throws IOException {
    String volume = real.volume(Map.of());
    String image = real.image();
    engine.files().write(new InVolume(volume), SampleTar.write(folder.resolve("sample.tar")));

    engine.files().clearing().removeByShell(volume, image);

    assertThat(list(new InVolume(volume))).containsOnlyKeys("./");
  }

  @Test
  void whatIsMissingIsNotFound() throws IOException {
    String container = container(List.of(), create -> {});
    Path tar = SampleTar.write(folder.resolve("sample.tar"));
    String gone = RealEngine.name();

    for (EngineDirectory place :
        List.of(
            new InVolume(gone),
            new InContainer(gone, "/data"),
            new InContainer(container, "/nope"),
            new InContainer(container, "/bin/busybox"))) {
      assertKind(Kind.NOT_FOUND, () -> engine.files().read(place).close());
      assertKind(Kind.NOT_FOUND, () -> engine.files().write(place, tar));
      assertKind(Kind.NOT_FOUND, () -> engine.files().clear(place));
    }
    assertThat(engine.volume(gone)).isEmpty();
    assertThat(engine.container(gone)).isEmpty();
    assertKind(Kind.NOT_FOUND, () -> engine.files().readFile(gone, "/x"));
  }

  @Test
  void aFullVolumeIsSaidToBeFull() throws IOException {
    InVolume volume =
        new InVolume(real.volume(Map.of("type", "tmpfs", "device", "tmpfs", "o", "size=1m")));

    BackupException failure = thrown(() -> engine.files().write(volume, bigTar(40 << 20)));

    assertThat(failure.kind()).isEqualTo(Kind.NO_SPACE);
    assertThat(failure.location()).isEqualTo(volume.describe());
  }

  @Test
  void aFileIsReadThroughItsLinks() throws IOException {
    String volume = real.volume(Map.of());
    String container = container(List.of(volume + ":/vol"), create -> {});
    engine.files().write(new InVolume(volume), SampleTar.write(folder.resolve("sample.tar")));

    assertThat(text(container, "/vol/link")).isEqualTo(".folder/run");
    assertThat(text(container, "/vol/.hidden")).isEqualTo(".hidden");
    assertThat(engine.files().readFile(container, "/vol/nope")).isEmpty();
    assertThat(engine.files().readFile(container, "/vol/dangling")).isEmpty();
    assertKind(Kind.INVALID, () -> engine.files().readFile(container, "/vol"));
  }

  @Test
  void containersAreShownWithTheirMountsAndWithoutHelpers() throws IOException {
    String volume = real.volume(Map.of());
    String container = container(List.of(volume + ":/vol:ro", folder + ":/bound"), create -> {});
    list(new InVolume(volume));

    assertThat(engine.containers())
        .filteredOn(c -> c.mounts().stream().anyMatch(m -> m.volume().equals(volume)))
        .singleElement()
        .satisfies(
            c -> {
              assertThat(c.name()).isEqualTo(container);
              assertThat(c.state()).isEqualTo("created");
              assertThat(c.environment()).containsEntry("SECRET", "hidden");
              assertThat(c.toString()).doesNotContain("hidden");
              assertThat(c.workingDirectory()).isEqualTo("/");
              assertThat(c.mounts())
                  .extracting(Mount::kind, Mount::destination, Mount::writable)
                  .containsExactlyInAnyOrder(
                      tuple(Mount.Kind.VOLUME, "/vol", false),
                      tuple(Mount.Kind.BIND, "/bound", true));
              assertThat(engine.imageDigest(c.imageId())).isEmpty();
            });
    assertThat(engine.volume(volume).orElseThrow().driver()).isEqualTo("local");
    assertThat(engine.volumes()).extracting(Volume::name).contains(volume);
  }

  @Test
  void aVolumeIsCreatedOnceAndRemovedWhenNothingUsesIt() throws IOException {
    String name = RealEngine.name();
    engine.createVolume(name, Map.of("a", "b"));
    try {
      assertThat(engine.volume(name).orElseThrow().label("a")).isEqualTo("b");
      assertKind(Kind.ALREADY_EXISTS, () -> engine.createVolume(name, Map.of()));
      list(new InVolume(name));
      String container = container(List.of(name + ":/vol"), create -> {});
      assertKind(Kind.LOCKED, () -> engine.removeVolume(name));
      real.client().removeContainerCmd(container).exec();
    } finally {
      engine.removeVolume(name);
    }
    assertThat(engine.volume(name)).isEmpty();
  }

  @Test
  void aContainerIsResumedFromWhateverStateItIsIn() throws IOException {
    String container = container(List.of(), create -> {});
    for (String state : new String[] {"created", "running", "paused", "exited"}) {
      if (state.equals("paused")) {
        engine.pause(container, new Cancellation());
      }
      if (state.equals("exited")) {
        real.client().killContainerCmd(container).exec();
        real.client().waitContainerCmd(container).start().awaitStatusCode();
      }
      assertThat(real.status(container)).isEqualTo(state);

      engine.resume(container);

      assertThat(real.status(container)).isEqualTo("running");
    }
  }

  @Test
  void aContainerIsStoppedAndAStoppedOneStaysSo() throws IOException {
    String container =
        container(
            List.of(),
            create ->
                create.withCmd("sh", "-c", "trap 'exit 3' TERM; while :; do sleep 0.1; done"));
    engine.resume(container);
    engine.stop(container);
    assertThat(real.status(container)).isEqualTo("exited");
    engine.stop(container);
    assertKind(Kind.UNSUPPORTED, () -> engine.pause(container, new Cancellation()));
    assertThat(real.status(container)).isEqualTo("exited");
  }

  @Test
  void aStopThatIsInterruptedHasTakenEffectBeforeItReturns() throws Exception {
    String container =
        container(
            List.of(),
            create -> create.withCmd("sh", "-c", "trap '' TERM; while :; do sleep 0.1; done"));
    engine.resume(container);
    engine.pause(container, new Cancellation());
    AtomicReference<@Nullable BackupException> failure = new AtomicReference<>();
    Thread worker = new Thread(() -> failure.set(thrown(() -> engine.stop(container))));
    worker.start();
    // The engine resumes it to let it see the signal, which it ignores.
    while (real.status(container).equals("paused") && worker.isAlive()) {
      Thread.sleep(20);
    }
    assertThat(real.status(container)).isEqualTo("running");
    worker.interrupt();
    worker.join();

    assertThat(failure.get()).extracting(BackupException::kind).isEqualTo(Kind.CANCELLED);
    assertThat(real.status(container)).isEqualTo("exited");
    engine.resume(container);
    engine.keepRunning(List.of(engine.container(container).orElseThrow()));
    assertThat(real.status(container)).isEqualTo("running");
  }

  @Test
  void resumeComesThroughWhileAnotherThreadReads() throws Exception {
    String volume = real.volume(Map.of());
    String container = container(List.of(volume + ":/vol"), create -> {});
    engine.resume(container);
    engine.pause(container, new Cancellation());
    engine.files().write(new InVolume(volume), bigTar(8 << 20));

    try (InputStream in = engine.files().read(new InVolume(volume))) {
      assertThat(in.readNBytes(10)).hasSize(10);
      Thread hook = new Thread(() -> resumeInterrupted(container));
      hook.start();
      hook.join(20_000);

      assertThat(real.status(container)).isEqualTo("running");
    }
  }

  @Test
  void nothingOfOursIsLeftAfterClosing() throws IOException {
    String volume = real.volume(Map.of());
    InputStream leaked;
    try (DockerEngine other = real.connect()) {
      other.files().write(new InVolume(volume), bigTar(8 << 20));
      leaked = other.files().read(new InVolume(volume));
      assertThat(helpersOf(volume)).isEqualTo(2);
      Thread.currentThread().interrupt();
    } finally {
      Thread.interrupted();
    }
    assertThat(helpersOf(volume)).isZero();
    leaked.close();
  }

  @Test
  void helpersOfEndedRunsAreSweptAndOthersNot() throws IOException {
    String volume = real.volume(Map.of());
    list(new InVolume(volume));
    String image = real.image();
    String leftover = helperOf(image, new Owner(Host.here(), 1L << 40, "x", Instant.now()));
    String foreign =
        helperOf(image, new Owner(new Host("elsewhere", "", ""), 1, "x", Instant.now()));
    String strange = container(image, Map.of(HelperContainers.LABEL, "strange"));

    assertThat(engine.sweepHelpers()).contains("container /" + leftover);

    assertThat(exists(leftover)).isFalse();
    assertThat(exists(foreign)).isTrue();
    assertThat(exists(strange)).isTrue();
    assertThat(helpersOf(volume)).isOne();
  }

  @Test
  void theEngineOfThisMachineIsKnownAsSuch() {
    assertThat(engine.version()).isNotEmpty();
    assertThat(engine.isThisHost()).isTrue();
  }

  private static void assertKind(Kind kind, ThrowingCallable call) {
    assertThat(thrown(call)).isNotNull().extracting(BackupException::kind).isEqualTo(kind);
  }

  private static BackupException thrown(ThrowingCallable call) {
    return catchThrowableOfType(BackupException.class, call);
  }

  private void resumeInterrupted(String container) {
    Thread.currentThread().interrupt();
    try {
      engine.resume(container);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Map<String, String> list(EngineDirectory place) throws IOException {
    try (InputStream in = engine.files().read(place)) {
      return SampleTar.list(in);
    }
  }

  private String text(String container, String path) throws IOException {
    try (TarArchiveInputStream tar =
        new TarArchiveInputStream(engine.files().readFile(container, path).orElseThrow())) {
      assertThat(tar.getNextEntry()).isNotNull();
      String text = new String(tar.readAllBytes(), StandardCharsets.UTF_8);
      assertThat(tar.getNextEntry()).isNull();
      return text;
    }
  }

  private String container(List<String> binds, Consumer<CreateContainerCmd> more)
      throws IOException {
    return real.container(real.image(), binds, more);
  }

  private String container(String image, Map<String, String> labels) {
    return real.container(image, List.of(), create -> create.withLabels(labels));
  }

  private String helperOf(String image, Owner owner) {
    return container(image, Map.of(HelperContainers.LABEL, HelperContainers.label(owner)));
  }

  private long helpersOf(String volume) {
    return real.client()
        .listContainersCmd()
        .withShowAll(true)
        .withLabelFilter(List.of(HelperContainers.LABEL))
        .withVolumeFilter(List.of(volume))
        .exec()
        .size();
  }

  private boolean exists(String container) {
    try {
      real.client().inspectContainerCmd(container).exec();
      return true;
    } catch (NotFoundException e) {
      return false;
    }
  }

  private Path bigTar(int size) throws IOException {
    Path file = folder.resolve("big.tar");
    try (OutputStream out = Files.newOutputStream(file);
        TarArchiveOutputStream tar = new TarArchiveOutputStream(out)) {
      TarArchiveEntry entry = new TarArchiveEntry("big");
      entry.setSize(size);
      tar.putArchiveEntry(entry);
      byte[] noise = new byte[1 << 20];
      new Random(1).nextBytes(noise);
      for (int written = 0; written < size; written += noise.length) {
        tar.write(noise);
      }
      tar.closeArchiveEntry();
    }
    return file;
  }
}
