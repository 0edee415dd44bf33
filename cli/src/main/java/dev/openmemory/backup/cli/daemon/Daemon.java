package dev.openmemory.backup.cli.daemon;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.cli.output.ExitCodes;
import dev.openmemory.backup.cli.output.Units;
import dev.openmemory.backup.internal.target.Waiter;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Runs a command at the times of a plan, one run at a time, until it is asked to end. Used by one
 * thread.
 *
 * <p>Times that pass while nothing can run (a run that takes longer, a host that sleeps, a process
 * that is down) are made up for by one run.
 */
public final class Daemon {
  /** A host that was suspended, or a clock that was set, is noticed within this time. */
  private static final Duration SLICE = Duration.ofSeconds(30);

  /** A clock that is put back by more was wrong before; by less, no run is repeated. */
  private static final Duration MOST_BACK = Duration.ofHours(1);

  private final StateFile file;
  private final Metrics metrics;
  private final Work work;
  private final boolean atStart;
  private final Clock clock;
  private final Waiter waiter;
  private final Consumer<String> log;
  private State state;

  /** What the daemon does, and when. */
  public interface Work {
    /**
     * The plan as it is set now.
     *
     * @throws BackupException when the settings cannot be used
     */
    Plan plan() throws BackupException;

    /** Does one run and returns its exit code. What has failed is already reported. */
    int run();

    /** Called at least each half minute between runs. It fails nothing. */
    void betweenRuns();

    /** Reports what keeps the plan of before in use. */
    void report(BackupException failure);
  }

  /**
   * A daemon.
   *
   * @param atStart whether the first run of all begins at once
   * @param waiter returns early, with {@code CANCELLED} or interrupted, when the end is asked for
   * @param log lines about what happens, without their time
   */
  public Daemon(
      StateFile file,
      Metrics metrics,
      Work work,
      boolean atStart,
      Clock clock,
      Waiter waiter,
      Consumer<String> log)
      throws BackupException {
    this.file = file;
    this.metrics = metrics;
    this.work = work;
    this.atStart = atStart;
    this.clock = clock;
    this.waiter = waiter;
    this.log = log;
    this.state = State.begin(work.plan(), clock.instant());
  }

  /**
   * Follows the plan.
   *
   * @return {@link ExitCodes#OK} when the end was asked for between two runs, else the exit code of
   *     the run that it has ended
   * @throws BackupException of kind {@code LOCKED} when another daemon has the state file; when it
   *     cannot be written at the beginning
   */
  @SuppressWarnings("try")
  public int run() throws IOException {
    try (DaemonLock lock = DaemonLock.take(file, waiter)) {
      state = recorded();
      file.write(state);
      metrics.show(state);
      while (true) {
        Optional<Instant> due = awaitDue();
        if (due.isEmpty()) {
          log("The schedule ends on request.");
          return ExitCodes.OK;
        }
        int exitCode = runOnce(due.get());
        if (exitCode == ExitCodes.CANCELLED) {
          return exitCode;
        }
      }
    }
  }

  /** What the process before has recorded, where it can be read. */
  private State recorded() {
    try {
      return file.read().map(before -> before.resumed(state.plan(), clock.instant())).orElse(state);
    } catch (BackupException e) {
      log("warning: " + e.getMessage() + "; what it recorded about earlier runs is lost");
      return state;
    }
  }

  /** Empty when the end is asked for. */
  private Optional<Instant> awaitDue() {
    Instant settled = state.settled();
    Instant due = due(settled);
    announce(due);
    while (true) {
      Instant now = clock.instant();
      if (settled.isAfter(now.plus(MOST_BACK))) {
        settled = now;
        due = due(settled);
        announce(due);
      }
      if (!due.isAfter(now)) {
        return Optional.of(due);
      }
      work.betweenRuns();
      if (!waited(Duration.between(now, due))) {
        return Optional.empty();
      }
    }
  }

  private Instant due(Instant settled) {
    return state.last().isEmpty() && atStart
        ? state.since()
        : state.cutShort().orElseGet(() -> state.plan().next(settled));
  }

  private void announce(Instant due) {
    if (due.isAfter(clock.instant())) {
      log("The next backup begins at " + Units.dateTime(due, state.plan().times().zone()) + ".");
      record(state.waiting(due));
    }
  }

  /** Whether time has passed; otherwise the end is asked for. */
  private boolean waited(Duration left) {
    try {
      waiter.await(left.compareTo(SLICE) < 0 ? left : SLICE);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } catch (BackupException e) {
      return false;
    }
  }

  private int runOnce(Instant due) {
    record(state.started(due, clock.instant()));
    log(
        "The backup that was due at "
            + Units.dateTime(due, state.plan().times().zone())
            + " begins.");
    boolean usable = readPlan();
    int exitCode = work.run();
    boolean made = exitCode == ExitCodes.OK || exitCode == ExitCodes.WARNINGS;
    int counted = usable || !made ? exitCode : ExitCodes.of(Kind.INVALID);
    record(state.ended(clock.instant(), counted));
    log("The backup ended: " + ExitCodes.outcome(counted) + ", exit code " + counted + ".");
    return exitCode;
  }

  /** Whether the plan could be read; if not, that of before stays. */
  private boolean readPlan() {
    try {
      state = state.planned(work.plan());
      return true;
    } catch (BackupException e) {
      work.report(e);
      return false;
    }
  }

  /** Keeps the state. A disk that is full must not end the schedule. */
  private void record(State now) {
    state = now;
    try {
      file.write(now);
      metrics.show(now);
    } catch (BackupException e) {
      log("warning: " + e.getMessage());
    }
  }

  private void log(String text) {
    log.accept(Units.dateTime(clock.instant(), state.plan().times().zone()) + " " + text);
  }
}
