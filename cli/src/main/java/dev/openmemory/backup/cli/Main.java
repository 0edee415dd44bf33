package dev.openmemory.backup.cli;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.cli.advice.LocaleNames;
import dev.openmemory.backup.cli.command.RootCommand;
import dev.openmemory.backup.cli.command.config.ConfigCommand.ReadsSettingsItself;
import dev.openmemory.backup.cli.output.ExitCodes;
import dev.openmemory.backup.cli.output.Failure;
import dev.openmemory.backup.cli.output.json.JsonRenderer;
import dev.openmemory.backup.cli.output.text.TextRenderer;
import dev.openmemory.backup.cli.settings.CommonOptions;
import dev.openmemory.backup.cli.settings.Session;
import dev.openmemory.backup.cli.settings.Setting;
import dev.openmemory.backup.cli.settings.Settings;
import dev.openmemory.backup.cli.settings.SettingsFile;
import dev.openmemory.backup.cli.terminal.Host;
import dev.openmemory.backup.cli.terminal.TerminationSignals;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.ExecutionException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.UnmatchedArgumentException;

/** Entry: settings, parsing, and what failures look like. */
public final class Main {
  private final Host host;
  private final Session session;
  private final CommandLine line;
  private Settings settings;
  private Optional<Failure> printed = Optional.empty();

  private Main(Host host, String[] args) {
    this.host = host;
    this.session = new Session(host, arguments -> runBeside(arguments, host.startedNow()));
    this.settings = Settings.of(host.environment());
    this.line = RootCommand.commandLine(session, args);
  }

  /** Runs the command line and ends the process with one of {@code docs/cli.md}'s exit codes. */
  public static void main(String[] args) {
    Cancellation cancellation = new Cancellation();
    Host host = Host.ofThisProcess(cancellation);
    CountDownLatch finished = new CountDownLatch(1);
    TerminationSignals.handle(cancellation, Thread.currentThread(), finished);
    int exitCode = run(args, host);
    finished.countDown();
    System.exit(exitCode);
  }

  /** Runs the command line within the process; returns the exit code. */
  static int run(String[] args, Host host) {
    String[] wanted = RootCommand.orStatus(args);
    return new Main(host, wanted).run(wanted);
  }

  /** Runs a command line for another one. */
  private static Session.Ended runBeside(String[] args, Host host) {
    Main main = new Main(host, args);
    return new Session.Ended(main.run(args), main.printed, main.session.isReported());
  }

  private int run(String[] args) {
    line.setOut(new PrintWriter(new OutputStreamWriter(host.out(), StandardCharsets.UTF_8), true))
        .setErr(new PrintWriter(new OutputStreamWriter(host.err(), StandardCharsets.UTF_8), true))
        .setDefaultValueProvider(settings)
        .setExecutionStrategy(parsed -> execute(parsed, args))
        .setParameterExceptionHandler(this::wrongCommandLine)
        .setExecutionExceptionHandler((failure, command, parsed) -> failed(failure));
    try {
      LocaleNames.requireDecoded(Stream.concat(Arrays.stream(args), variables()));
    } catch (BackupException e) {
      return print(Failure.of(e), isJson(args));
    }
    int exitCode = line.execute(args);
    return exitCode == ExitCodes.OK && !session.terminal().arrived() ? ExitCodes.FAILED : exitCode;
  }

  private Stream<String> variables() {
    return host.environment().entrySet().stream()
        .filter(variable -> variable.getKey().startsWith(Setting.ENVIRONMENT_PREFIX))
        .map(Map.Entry::getValue);
  }

  /** The settings file is known only now; its values are defaults, so parsing starts over. */
  private int execute(ParseResult parsed, String[] args) {
    if (CommandLine.printHelpIfRequested(parsed)) {
      return ExitCodes.OK;
    }
    try {
      if (!readsSettingsItself(parsed)) {
        settings = settings.orElse(SettingsFile.read(session.options()));
      }
    } catch (BackupException | InvalidPathException e) {
      throw new ExecutionException(line, "settings cannot be read", e);
    }
    line.setDefaultValueProvider(settings);
    session.use(settings);
    ParseResult complete = line.parseArgs(args);
    session.options().gatherRepeated(complete);
    configure();
    return new RunLast().execute(complete);
  }

  private static boolean readsSettingsItself(ParseResult parsed) {
    ParseResult last = parsed;
    while (last.hasSubcommand()) {
      last = last.subcommand();
    }
    return last.commandSpec().userObject() instanceof ReadsSettingsItself;
  }

  /** Before the first class of core creates its logger. */
  private void configure() {
    CommonOptions options = session.options();
    String level = options.verbose ? "debug" : options.quiet ? "error" : "warn";
    System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", level);
    System.setProperty("org.slf4j.simpleLogger.showThreadName", String.valueOf(options.verbose));
    System.setProperty("org.slf4j.simpleLogger.showLogName", String.valueOf(options.verbose));
    System.setProperty("org.slf4j.simpleLogger.warnLevelString", "warning:");
    if (!options.verbose) {
      // It logs the failure to load itself with a stack trace before it throws.
      System.setProperty("org.slf4j.simpleLogger.log.org.sqlite", "off");
    }
    // At debug level it logs the bodies of answers, and so the environment of containers.
    System.setProperty("org.slf4j.simpleLogger.log.com.github.dockerjava.zerodep.shaded", "warn");
    // These log requests with their signed headers.
    System.setProperty("org.slf4j.simpleLogger.log.software.amazon.awssdk", "warn");
    System.setProperty("org.slf4j.simpleLogger.log.org.apache.hc", "warn");
    if (options.quiet) {
      session.terminal().hideNotes();
    }
    for (String unknown : Settings.unknownVariables(host.environment())) {
      session
          .terminal()
          .note("warning: unknown variable " + unknown + " ignored" + Settings.suggestion(unknown));
    }
  }

  private int wrongCommandLine(ParameterException e, String[] args) {
    String origin =
        settings
            .origin(e.getArgSpec())
            .filter(o -> !isGiven(e, args))
            .map(o -> " (set by " + o + ")")
            .orElse("");
    CommandLine command = e.getCommandLine();
    boolean ofRoot = command == line;
    String help =
        "See '"
            + RootCommand.NAME
            + " help"
            + (ofRoot
                ? ""
                : command.getCommandSpec().qualifiedName().substring(RootCommand.NAME.length()))
            + "'.";
    List<String> suggestion =
        e instanceof UnmatchedArgumentException unmatched ? unmatched.getSuggestions() : List.of();
    String hint =
        suggestion.isEmpty()
            ? help
            : "Did you mean " + String.join(" or ", suggestion) + "? " + help;
    return print(Failure.ofCommandLine(e.getMessage() + origin, hint), isJson(args));
  }

  private int failed(Exception thrown) {
    Failure failure = Failure.of(thrown);
    if (session.options().verbose) {
      session.terminal().stackTrace(thrown);
    }
    return print(failure, session.options().json);
  }

  private int print(Failure failure, boolean json) {
    printed = Optional.of(failure);
    if (json) {
      session.terminal().result(new JsonRenderer(host.age()).failure(failure));
    } else {
      session.terminal().error(new TextRenderer(host.clock(), host.age()).failure(failure));
    }
    return failure.exitCode();
  }

  private static boolean isGiven(ParameterException e, String[] args) {
    return e.getArgSpec() instanceof CommandLine.Model.OptionSpec option
        && Arrays.stream(args)
            .anyMatch(
                a -> a.equals(option.longestName()) || a.startsWith(option.longestName() + "="));
  }

  /** A command line that cannot be parsed still says in which form it wants its output. */
  private boolean isJson(String[] args) {
    return session.options().json || Arrays.asList(args).contains("--json");
  }
}
