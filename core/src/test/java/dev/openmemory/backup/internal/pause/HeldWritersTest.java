package dev.openmemory.backup.internal.pause;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.openmemory.backup.BackupEvent;
import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.Facts;
import dev.openmemory.backup.Installation.Writers;
import dev.openmemory.backup.Quiesce;
import dev.openmemory.backup.spi.Writer;
import dev.openmemory.backup.spi.WriterControl;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class HeldWritersTest {
  private static final Writer API = new Writer("1", "api");
  private static final Writer STORE = new Writer("2", "store");

  @TempDir Path home;
  private final Scripted control = new Scripted();

  private HeldWriters held() {
    return HeldWriters.of(
        home, new Writers("scripted", Map.of()), control, Clock.systemUTC(), List.of(API, STORE));
  }

  private Path record() {
    return home.resolve(".openmemory-backup/held.json");
  }

  @Test
  void aFailingCloseDoesNotHideThatAWriterStaysPaused() throws IOException {
    control.refuse("resume store", Kind.FAILED);
    control.refuse("close", Kind.DENIED);
    HeldWriters held = held();
    held.hold(Quiesce.PAUSE, new Cancellation());

    Throwable failure = catchThrowable(held::close);

    assertThat(failure).hasMessageContaining("refused resume store");
    assertThat(failure.getSuppressed())
        .singleElement()
        .satisfies(e -> assertThat(e).hasMessageContaining("refused close"));
    assertThat(control.calls).contains("resume api");
    assertThat(record()).exists();
  }

  @Test
  void whatWasCapturedWhenTheEndOfTheProcessEndedThePauseIsRefused() throws IOException {
    HeldWriters held = held();
    held.hold(Quiesce.PAUSE, new Cancellation());

    held.atShutdown();

    assertThat(control.calls).containsSubsequence("resume store", "resume api");
    assertThat(record()).doesNotExist();
    assertCancelled(held::resume);
    assertCancelled(held::beginExchange);
    assertCancelled(() -> held.hold(Quiesce.PAUSE, new Cancellation()));
    held.close();
  }

  @Test
  void theEndOfTheProcessAfterThePauseSpoilsNothing() throws IOException {
    HeldWriters held = held();
    held.hold(Quiesce.PAUSE, new Cancellation());
    held.resume();

    held.atShutdown();

    held.resume();
    held.close();
  }

  @Test
  void theEndOfTheProcessLeavesMixedDataToTheNextRun() throws IOException {
    HeldWriters held = held();
    held.hold(Quiesce.STOP, new Cancellation());
    held.beginExchange();

    held.atShutdown();

    assertThat(control.calls).noneMatch(call -> call.startsWith("resume"));
    assertThat(record()).exists();
  }

  @Test
  void eachStopIsToldAndOneThatCannotBePausedIsStoppedAllTheSame() throws IOException {
    control.refuse("pause api", Kind.UNSUPPORTED);
    List<BackupEvent> events = new ArrayList<>();
    HeldWriters held = held();
    held.telling(events::add);

    held.stopForExchange(new Cancellation());

    assertThat(control.calls).containsExactly("pause api", "pause store", "stop api", "stop store");
    assertThat(events)
        .containsExactly(
            new BackupEvent.NotPaused("api"),
            new BackupEvent.Stopping("api", Scripted.STOP),
            new BackupEvent.Stopping("store", Scripted.STOP));
    assertThat(Files.readString(record())).contains("stop");
  }

  @Test
  void whichRunIsOnlyAskedWhereTheirDataIsReplaced() throws IOException {
    control.refuse("pause api", Kind.UNSUPPORTED);
    control.refuse("running", Kind.FAILED);
    HeldWriters held = held();

    held.hold(Quiesce.STOP, new Cancellation());

    assertThat(control.calls).endsWith("stop api", "stop store");
    held.close();
  }

  @Test
  void aStopThatFailsIsWatchedUntilTheWritersKeepRunning() throws IOException {
    for (Kind kind : List.of(Kind.CANCELLED, Kind.UNAVAILABLE, Kind.FAILED)) {
      control.calls.clear();
      control.refuse("stop store", kind);
      HeldWriters held = held();

      assertThat(catchThrowable(() -> held.hold(Quiesce.STOP, new Cancellation())))
          .hasMessageContaining("refused stop store");
      assertThat(record()).exists();
      held.close();

      assertThat(control.calls)
          .endsWith("resume store", "resume api", "keep running, recorded: true", "close");
      assertThat(record()).doesNotExist();
    }
  }

  @Test
  void whatWasStoppedIsWatchedUntilItKeepsRunningAndRecordedUntilThen() throws IOException {
    HeldWriters held = held();
    held.hold(Quiesce.STOP, new Cancellation());
    held.close();

    assertThat(control.calls)
        .endsWith("resume store", "resume api", "keep running, recorded: true", "close");
    assertThat(record()).doesNotExist();
  }

  @ParameterizedTest
  @EnumSource(names = {"FAILED", "UNAVAILABLE", "CANCELLED"})
  void oneThatDoesNotKeepRunningStaysRecordedForTheNextRun(Kind kind) throws IOException {
    HeldWriters held = held();
    held.hold(Quiesce.STOP, new Cancellation());
    control.refuse("keep running, recorded: true", kind);

    assertThat(catchThrowable(held::close)).hasMessageContaining("refused keep running");

    assertThat(record()).exists();
  }

  @Test
  void anInterruptDuringTheWatchDoesNotReachIt() throws IOException {
    Thread worker = Thread.currentThread();
    HeldWriters held = held();
    held.hold(Quiesce.STOP, new Cancellation());
    control.duringWatch =
        () -> {
          worker.interrupt();
          control.calls.add("interrupted: " + Thread.currentThread().isInterrupted());
        };

    held.close();

    assertThat(Thread.interrupted()).isTrue();
    assertThat(control.calls)
        .endsWith("keep running, recorded: true", "interrupted: false", "close");
    assertThat(record()).doesNotExist();
  }

  @Test
  void theEndOfTheProcessDuringTheWatchWaitsForIt() throws Exception {
    HeldWriters held = held();
    held.hold(Quiesce.STOP, new Cancellation());
    Thread hook =
        new Thread(
            () -> {
              held.atShutdown();
              control.calls.add("process ends, recorded: " + Files.exists(record()));
            });
    control.duringWatch =
        () -> {
          hook.start();
          awaitBlocked(hook);
          control.calls.add("watched");
        };

    held.close();
    hook.join();

    assertThat(control.calls)
        .containsSubsequence(
            "resume api",
            "keep running, recorded: true",
            "watched",
            "process ends, recorded: false")
        .containsOnlyOnce("resume api");
  }

  @Test
  void whatWasOnlyPausedIsNotWatched() throws IOException {
    HeldWriters held = held();
    held.hold(Quiesce.PAUSE, new Cancellation());
    held.close();

    assertThat(control.calls).endsWith("resume store", "resume api", "close");
  }

  private static void awaitBlocked(Thread thread) {
    long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (thread.getState() != Thread.State.BLOCKED) {
      assertThat(System.nanoTime()).as("it waits").isLessThan(deadline);
      Thread.onSpinWait();
    }
  }

  private static void assertCancelled(ThrowingCallable step) {
    assertThat(catchThrowableOfType(BackupException.class, step).kind()).isEqualTo(Kind.CANCELLED);
  }

  /** Notes what it is asked for, and refuses what it is told to refuse. */
  private final class Scripted implements WriterControl {
    static final Duration STOP = Duration.ofSeconds(7);

    final List<String> calls = new CopyOnWriteArrayList<>();
    private final Map<String, Kind> refused = new HashMap<>();
    Runnable duringWatch = () -> {};

    void refuse(String call, Kind kind) {
      refused.put(call, kind);
    }

    private void note(String call) throws BackupException {
      calls.add(call);
      refuse(call);
    }

    private void refuse(String call) throws BackupException {
      if (refused.containsKey(call)) {
        throw new BackupException(refused.get(call), "test", "", "refused " + call);
      }
    }

    @Override
    public List<Writer> running() throws BackupException {
      refuse("running");
      return List.of(API, STORE);
    }

    @Override
    public Map<String, Facts> observe(Writer writer, Cancellation cancellation) {
      return Map.of();
    }

    @Override
    public void hold(Writer writer, Quiesce how, Cancellation cancellation) throws IOException {
      note(how.text() + " " + writer.name());
    }

    @Override
    public void resume(Writer writer) throws IOException {
      note("resume " + writer.name());
    }

    @Override
    public void awaitReady(List<Writer> writers, Cancellation cancellation) {}

    @Override
    public Optional<Duration> longestStop() {
      return Optional.of(STOP);
    }

    @Override
    public void keepRunning(List<Writer> writers) throws IOException {
      note("keep running, recorded: " + Files.exists(record()));
      duringWatch.run();
    }

    @Override
    public void close() throws IOException {
      note("close");
    }
  }
}
