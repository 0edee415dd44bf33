package dev.openmemory.backup.cli.hook;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.cli.hook.Ping.Event;
import dev.openmemory.backup.cli.notify.Notifications;
import dev.openmemory.backup.cli.notify.RunEnd;
import dev.openmemory.backup.cli.output.ExitCodes;
import dev.openmemory.backup.cli.output.Failure;
import dev.openmemory.backup.cli.settings.Session;
import dev.openmemory.backup.cli.settings.Setting;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What happens around a run of a command: a ping, a hook before, the run, a hook after, and a ping
 * and notifications that say how it ended. For one run, on one thread.
 */
public final class RunHooks {
  /** After Ctrl-C the process has 30 seconds in all. */
  private static final Duration AFTER_CANCELLATION = Duration.ofSeconds(10);

  private final Session session;
  private final String command;
  private final Optional<CommandHook> before;
  private final Optional<CommandHook> after;
  private final boolean beforeIsFatal;
  private final boolean afterIsFatal;
  private final Duration timeout;
  private final Optional<Ping> ping;
  private final Notifications notifications;
  private Optional<Failure> failure = Optional.empty();

  private RunHooks(Session session, String command) throws BackupException {
    HookSettings settings = new HookSettings(session);
    this.session = session;
    this.command = command;
    this.before = settings.hook(Setting.HOOK_BEFORE);
    this.after = settings.hook(Setting.HOOK_AFTER);
    this.beforeIsFatal = settings.isFatal(Setting.HOOK_BEFORE_FAILURE, true);
    this.afterIsFatal = settings.isFatal(Setting.HOOK_AFTER_FAILURE, false);
    this.timeout = settings.timeout();
    this.ping = settings.ping();
    this.notifications = Notifications.of(session, session::setting);
  }

  /**
   * Those of the settings.
   *
   * @param command given to hooks, such as {@code backup}
   * @throws BackupException of kind {@code INVALID} when a setting has no meaning
   */
  public static RunHooks of(Session session, String command) throws BackupException {
    return new RunHooks(session, command);
  }

  /** What the hooks are around. */
  public interface Work {
    /** Returns the exit code, and notes in the facts what comes to be known. */
    int run(RunFacts facts) throws IOException;
  }

  /**
   * Does the work with all that belongs around it. The hook after it, the ping and notifications
   * come also when the hook before or the work failed.
   *
   * @return the exit code of the work, or a worse one when a hook failed
   * @throws IOException of the work, or of a hook before it that has to succeed
   */
  public int runWithHooks(Work work) throws IOException {
    RunFacts facts = new RunFacts(command);
    notifications.warnOfSettings();
    send(Event.START, facts);
    int exitCode;
    try {
      boolean warned = !ranBefore(facts);
      exitCode = atLeast(warned ? ExitCodes.WARNINGS : ExitCodes.OK, work.run(facts));
    } catch (IOException | RuntimeException e) {
      Failure known = Failure.of(e);
      failure = Optional.of(known);
      end(facts, known.exitCode());
      throw e;
    }
    return end(facts, exitCode);
  }

  /** Whether it succeeded, if there is one. */
  private boolean ranBefore(RunFacts facts) throws BackupException {
    session.host().cancellation().check();
    if (before.isEmpty()) {
      return true;
    }
    try {
      run(before.get(), "before", facts, timeout);
      return true;
    } catch (BackupException e) {
      if (beforeIsFatal || e.kind() == BackupException.Kind.CANCELLED) {
        throw e;
      }
      warn(e);
      return false;
    }
  }

  private int end(RunFacts facts, int exitCode) {
    // The interrupt has ended the run; it must not end the hook and the ping too.
    boolean interrupted = Thread.interrupted();
    try {
      facts.ended(exitCode);
      int worst = after.isEmpty() ? exitCode : ranAfter(facts, exitCode);
      facts.ended(worst);
      boolean good = worst == ExitCodes.OK || worst == ExitCodes.WARNINGS;
      send(good ? Event.SUCCESS : Event.FAIL, facts);
      report(facts, worst, good);
      return worst;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void report(RunFacts facts, int exitCode, boolean good) {
    Instant now = session.host().clock().instant();
    notifications.ended(
        good
            ? RunEnd.succeeded(now, exitCode, facts.newBackup(now))
            : RunEnd.failed(now, exitCode, failure));
    session.reported();
  }

  private int ranAfter(RunFacts facts, int exitCode) {
    boolean cancelled = session.host().cancellation().isRequested();
    try {
      run(after.orElseThrow(), "after", facts, cancelled ? shortest() : timeout);
      return exitCode;
    } catch (BackupException e) {
      warn(e);
      failure = failure.or(() -> afterIsFatal ? Optional.of(Failure.of(e)) : Optional.empty());
      return atLeast(afterIsFatal ? ExitCodes.FAILED : ExitCodes.WARNINGS, exitCode);
    }
  }

  private Duration shortest() {
    return timeout.compareTo(AFTER_CANCELLATION) < 0 ? timeout : AFTER_CANCELLATION;
  }

  /** A failure says more than a warning, and a warning more than nothing. */
  private static int atLeast(int least, int exitCode) {
    if (exitCode == ExitCodes.OK) {
      return least;
    }
    return exitCode == ExitCodes.WARNINGS && least != ExitCodes.OK ? least : exitCode;
  }

  private void run(CommandHook hook, String event, RunFacts facts, Duration most)
      throws BackupException {
    Map<String, String> environment = new TreeMap<>(session.host().environment());
    Arrays.stream(Setting.values())
        .filter(Setting::isSecretOfService)
        .forEach(setting -> environment.remove(setting.variable()));
    environment.putAll(facts.variables(event));
    hook.run(session.options().absoluteHome(), environment, most);
  }

  private void send(Event event, RunFacts facts) {
    String name = event.name().toLowerCase(Locale.ROOT);
    int attempts = session.host().cancellation().isRequested() ? 1 : 2;
    ping.flatMap(service -> service.send(event, facts.forPing(name), attempts))
        .ifPresent(trouble -> session.terminal().note("warning: " + trouble));
  }

  private void warn(BackupException failure) {
    session.terminal().note("warning: " + failure.getMessage());
  }
}
