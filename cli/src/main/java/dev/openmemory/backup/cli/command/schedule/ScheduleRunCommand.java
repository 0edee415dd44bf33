package dev.openmemory.backup.cli.command.schedule;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.cli.daemon.Daemon;
import dev.openmemory.backup.cli.daemon.Metrics;
import dev.openmemory.backup.cli.daemon.Plan;
import dev.openmemory.backup.cli.output.Failure;
import dev.openmemory.backup.cli.settings.Session;
import dev.openmemory.backup.cli.settings.Setting;
import dev.openmemory.backup.cli.settings.Settings;
import dev.openmemory.backup.cli.terminal.Host;
import dev.openmemory.backup.internal.target.Waiter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/** {@code schedule run}. */
@Command(
    name = "run",
    description = {
      "Run 'backup' at the times of a cron expression, in the foreground, until it is stopped.",
      "All options of 'backup' can be given too."
    })
public final class ScheduleRunCommand implements Callable<Integer> {
  private static final String SCHEDULE = "schedule";

  private final Session session;
  private final CommandSpec backup;

  @Spec CommandSpec spec = CommandSpec.create();

  @Mixin private StateOption state = new StateOption();

  @Mixin private MetricsOptions metrics = new MetricsOptions();

  @Option(
      names = {"--at-start", "--schedule-at-start"},
      fallbackValue = "true",
      description = "Begin with a backup at once if this schedule has had none yet.")
  boolean atStart;

  private ScheduleRunCommand(Session session, CommandSpec backup) {
    this.session = session;
    this.backup = backup;
  }

  /**
   * The command.
   *
   * @param backup the command that it runs
   */
  public static CommandLine commandLine(Session session, CommandSpec backup) {
    CommandLine line = new CommandLine(new ScheduleRunCommand(session, backup));
    CommandSpec own = line.getCommandSpec();
    own.addMixin(SCHEDULE, CommandSpec.forAnnotatedObject(new ScheduleOptions()));
    backup.options().stream()
        .filter(option -> own.findOption(option.longestName()) == null)
        .forEach(own::addOption);
    return line;
  }

  /**
   * Fails as the command would, if a schedule is set.
   *
   * @throws BackupException of kind {@code INVALID} when the schedule has no meaning
   */
  public static void check(Session session, Settings settings) throws BackupException {
    if (settings.of(Setting.SCHEDULE).isPresent()) {
      plan(session.host(), settings, List.of(), 0);
    }
  }

  private static Plan plan(Host host, Settings settings, List<String> given, long seed)
      throws BackupException {
    ScheduleOptions options = new ScheduleOptions();
    new CommandLine(options)
        .setDefaultValueProvider(settings)
        .parseArgs(given.toArray(String[]::new));
    return options.plan(host.clock().getZone(), seed);
  }

  @Override
  public Integer call() throws IOException {
    Host host = session.host();
    try (Metrics shown = metrics.open()) {
      return new Daemon(
              state.stateFile(session),
              shown,
              new Backup(host),
              atStart,
              host.clock(),
              waiter(host.cancellation()),
              session.terminal()::note)
          .run();
    }
  }

  private static Waiter waiter(Cancellation cancellation) {
    return duration -> {
      cancellation.await(duration);
      cancellation.check();
    };
  }

  /** The command {@code backup} with the options that were given. */
  private final class Backup implements Daemon.Work {
    private final Host host;
    private final long seed;
    private final List<String> arguments = new ArrayList<>(List.of("backup"));
    private final List<String> ofSchedule;
    private final ScheduleNotices notices = new ScheduleNotices(session);

    Backup(Host host) {
      this.host = host;
      this.seed = host.clock().millis();
      CommandSpec plan = Objects.requireNonNull(spec.mixins().get(SCHEDULE));
      ParseResult parsed = spec.root().commandLine().getParseResult();
      GivenOptions given = new GivenOptions(parsed);
      arguments.addAll(given.arguments(option -> option.inherited() || isKnown(backup, option)));
      ofSchedule = given.arguments(option -> isKnown(plan, option));
    }

    private static boolean isKnown(CommandSpec command, OptionSpec option) {
      return command.findOption(option.longestName()) != null;
    }

    @Override
    public Plan plan() throws BackupException {
      return ScheduleRunCommand.plan(host, session.currentSettings(), ofSchedule, seed);
    }

    @Override
    public int run() {
      Session.Ended ended = session.run(arguments);
      if (!ended.reported()) {
        notices.failedBeforehand(ended);
      }
      return ended.exitCode();
    }

    @Override
    public void betweenRuns() {
      notices.sendWeekly();
    }

    @Override
    public void report(BackupException failure) {
      Failure reported = Failure.of(failure);
      session.terminal().note("warning: " + reported.message() + " " + reported.hint());
    }
  }
}
