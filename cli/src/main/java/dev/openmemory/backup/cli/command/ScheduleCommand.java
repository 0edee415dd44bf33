package dev.openmemory.backup.cli.command;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.cli.command.schedule.ScheduleRunCommand;
import dev.openmemory.backup.cli.command.schedule.ScheduleStatusCommand;
import dev.openmemory.backup.cli.output.DurationText;
import dev.openmemory.backup.cli.output.ExitCodes;
import dev.openmemory.backup.cli.schedule.ContainerPlaces;
import dev.openmemory.backup.cli.schedule.CronJob;
import dev.openmemory.backup.cli.schedule.CronLine;
import dev.openmemory.backup.cli.schedule.Every;
import dev.openmemory.backup.cli.schedule.LaunchdPlist;
import dev.openmemory.backup.cli.schedule.ScheduledArguments;
import dev.openmemory.backup.cli.schedule.ScheduledCommand;
import dev.openmemory.backup.cli.schedule.SystemdUnits;
import dev.openmemory.backup.cli.schedule.Times;
import dev.openmemory.backup.cli.settings.Session;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** Groups the commands about schedules; without one of them it is no command. */
@Command(
    name = "schedule",
    description =
        "Make regular backups: by this program, or by cron, systemd, launchd or Kubernetes.",
    synopsisSubcommandLabel = "COMMAND")
final class ScheduleCommand {
  /** Named, since this package does not know it. */
  private static final String AGENT = "SSH_AUTH_SOCK";

  private static final String MAIN_CLASS = "dev.openmemory.backup.cli.Main";

  private ScheduleCommand() {}

  static CommandLine commandLine(Session session) {
    CommandSpec backup = new CommandLine(new BackupCommand(session)).getCommandSpec();
    CommandLine print = new CommandLine(new Print(session, backup.options()));
    backup.options().forEach(print.getCommandSpec()::addOption);
    return new CommandLine(new ScheduleCommand())
        .addSubcommand(print)
        .addSubcommand(ScheduleRunCommand.commandLine(session, backup))
        .addSubcommand("status", new ScheduleStatusCommand(session));
  }

  /** The scheduler to write for; exactly one. */
  static final class Format {
    @Option(names = "--cron", description = "A line for a crontab.")
    boolean cron;

    @Option(names = "--systemd", description = "A service and a timer.")
    boolean systemd;

    @Option(names = "--launchd", description = "A property list for macOS.")
    boolean launchd;

    @Option(names = "--k8s", description = "A CronJob of Kubernetes.")
    boolean k8s;

    String text() {
      return cron ? "cron" : systemd ? "systemd" : launchd ? "launchd" : "k8s";
    }
  }

  /** {@code schedule print}. */
  @Command(
      name = "print",
      description = "Print a schedule that runs 'backup' with the backup options given here.")
  static final class Print implements Callable<Integer> {
    private final Session session;
    private final List<OptionSpec> ofBackup;

    @Spec CommandSpec spec = CommandSpec.create();

    @ArgGroup(multiplicity = "1")
    Format format = new Format();

    @Option(
        names = "--at",
        paramLabel = "HH:MM",
        description = "Time of day; with hourly only the minute counts (default: 02:00).")
    LocalTime at = LocalTime.of(2, 0);

    @Option(
        names = "--every",
        paramLabel = "PERIOD",
        description = "hourly, daily (default), weekly (Sundays) or monthly (the first day).")
    Every every = Every.DAILY;

    @Option(
        names = "--jitter",
        paramLabel = "DURATION",
        converter = DurationOption.class,
        description = "Start up to this much later: 30m, 2h.")
    Duration jitter = Duration.ZERO;

    @Option(
        names = "--image",
        paramLabel = "IMAGE",
        description = "With --k8s: an image with openmemory-backup on its PATH.")
    @Nullable String image;

    @Option(
        names = "--pvc",
        paramLabel = "CLAIM",
        description = "With --k8s: the volume claim that holds the OpenMemory folder.")
    @Nullable String homeClaim;

    @Option(
        names = "--target-pvc",
        paramLabel = "CLAIM",
        description = "With --k8s: the volume claim of a target directory outside the home.")
    @Nullable String targetClaim;

    Print(Session session, List<OptionSpec> ofBackup) {
      this.session = session;
      this.ofBackup = List.copyOf(ofBackup);
    }

    @Override
    public Integer call() throws IOException {
      // Refuses what no backup could use, and locations with passwords.
      for (String location : session.options().targetLocations()) {
        session.open(location).close();
      }
      String text;
      try {
        text = text(new Times(every, at, jitter), new Random(session.host().clock().millis()));
      } catch (IllegalArgumentException e) {
        throw invalid(String.valueOf(e.getMessage()));
      }
      session.terminal().result(session.renderer().scheduled(format.text(), text));
      return ExitCodes.OK;
    }

    private String text(Times times, Random random) throws BackupException {
      if (format.k8s) {
        return cronJob(times, random);
      }
      if (image != null || homeClaim != null || targetClaim != null) {
        throw invalid("--image, --pvc and --target-pvc belong to --k8s");
      }
      ScheduledArguments arguments = new ScheduledArguments(session, ScheduledArguments.HERE);
      List<String> command = new ArrayList<>(program());
      Map<String, String> environment = arguments.environment();
      command.addAll(list(arguments, environment));
      ScheduledCommand scheduled =
          new ScheduledCommand(command, environment, session.options().absoluteHome().toString());
      if (format.cron) {
        return CronLine.text(scheduled, times, random);
      }
      return format.systemd
          ? SystemdUnits.text(scheduled, times)
          : LaunchdPlist.text(scheduled, times, random);
    }

    private String cronJob(Times times, Random random) throws BackupException {
      if (image == null || homeClaim == null) {
        throw invalid("--k8s needs --image and --pvc");
      }
      Path home = session.options().absoluteHome();
      List<String> arguments =
          list(
              new ScheduledArguments(session, new ContainerPlaces(home, targetClaim != null)),
              Map.of());
      return new CronJob(image, homeClaim, Optional.ofNullable(targetClaim))
          .text(arguments, times, random);
    }

    private List<String> list(ScheduledArguments arguments, Map<String, String> environment)
        throws BackupException {
      for (String name : arguments.leftOut(ofBackup, environment)) {
        warn(name + " is set here and is not included in the output");
      }
      if (environment.containsKey(AGENT)
          && session.options().targetLocations().stream().anyMatch(t -> t.startsWith("sftp:"))) {
        warn(
            AGENT + " is an agent of this session; when it has ended, a run needs a key in a file");
      }
      return arguments.list(ofBackup, spec.commandLine().getParseResult().matchedOptions());
    }

    private void warn(String fact) {
      session.terminal().note("warning: " + fact);
    }

    /** The launcher, when it has started us, else this JVM. */
    private static List<String> program() {
      String launcher = System.getProperty("openmemory.launcher", "");
      if (!launcher.isEmpty()) {
        return List.of("/bin/sh", launcher);
      }
      String classes =
          Arrays.stream(System.getProperty("java.class.path", "").split(File.pathSeparator, -1))
              .map(entry -> Path.of(entry).toAbsolutePath().toString())
              .collect(Collectors.joining(File.pathSeparator));
      Path java = Path.of(System.getProperty("java.home", ""), "bin", "java");
      return List.of(java.toString(), "-cp", classes, MAIN_CLASS);
    }

    private static BackupException invalid(String fact) {
      return Kind.INVALID.failure("schedule", "", fact);
    }
  }

  /** A duration of the command line. */
  static final class DurationOption implements CommandLine.ITypeConverter<Duration> {
    @Override
    public Duration convert(String text) {
      return DurationText.parse(text)
          .orElseThrow(
              () -> new TypeConversionException("'" + text + "' is not like 90s, 30m or 2h"));
    }
  }
}
