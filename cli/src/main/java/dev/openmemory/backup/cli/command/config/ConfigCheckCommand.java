package dev.openmemory.backup.cli.command.config;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.cli.command.config.ConfigCommand.BackupCheck;
import dev.openmemory.backup.cli.command.config.ConfigCommand.ReadsSettingsItself;
import dev.openmemory.backup.cli.command.schedule.ScheduleRunCommand;
import dev.openmemory.backup.cli.notify.NotifySettings;
import dev.openmemory.backup.cli.output.ExitCodes;
import dev.openmemory.backup.cli.output.Failure;
import dev.openmemory.backup.cli.settings.Session;
import dev.openmemory.backup.cli.settings.Setting;
import dev.openmemory.backup.cli.settings.Settings;
import dev.openmemory.backup.cli.settings.Settings.Value;
import dev.openmemory.backup.cli.settings.SettingsFile;
import dev.openmemory.backup.internal.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;

/**
 * {@code config check}. It reads the settings file itself, so that it can say all that is wrong.
 */
@Command(
    name = "check",
    description = {
      "Check the settings file and the variables, and name all that is wrong.",
      "No target is connected to. Exit code 2 if anything is wrong."
    })
final class ConfigCheckCommand implements Callable<Integer>, ReadsSettingsItself {
  private final Session session;
  private final Supplier<CommandLine> all;
  private final BackupCheck backup;
  private final Set<String> problems = new LinkedHashSet<>();

  ConfigCheckCommand(Session session, Supplier<CommandLine> all, BackupCheck backup) {
    this.session = session;
    this.all = all;
    this.backup = backup;
  }

  @Override
  public Integer call() throws IOException {
    Settings settings = read();
    session.use(settings);
    if (session.options().hasDefaultTarget()) {
      settings
          .of(Setting.TARGET)
          .ifPresent(value -> session.options().targets = List.of(value.text()));
    }
    CommandLine program = all.get();
    for (Setting setting : Setting.values()) {
      settings.of(setting).ifPresent(value -> check(setting, value, program));
    }
    if (problems.isEmpty()) {
      checkWhole(settings);
    }
    session.terminal().result(session.options().json ? json() : text());
    return problems.isEmpty() ? ExitCodes.OK : ExitCodes.USAGE;
  }

  private Settings read() {
    Map<String, String> environment = session.host().environment();
    for (String unknown : Settings.unknownVariables(environment)) {
      problems.add("unknown variable " + unknown + Settings.suggestion(unknown));
    }
    List<BackupException> wrong = new ArrayList<>();
    Settings file = Settings.NONE;
    try {
      file = SettingsFile.read(session.options(), wrong);
    } catch (BackupException e) {
      wrong.add(e);
    }
    wrong.forEach(e -> problems.add(e.location() + ": " + e.fact()));
    return Settings.of(environment).orElse(file);
  }

  /** Whether the option would take the value; that command has all options which can be set. */
  private void check(Setting setting, Value value, CommandLine program) {
    if (setting.isOption()) {
      try {
        program.parseArgs("schedule", "run", setting.option() + "=" + value.text());
      } catch (ParameterException e) {
        problems.add(value.origin() + ": " + e.getMessage());
      }
    }
    if (setting.isFile()) {
      for (String file : value.text().split(",", -1)) {
        if (!file.isEmpty() && !Files.isReadable(Path.of(file))) {
          problems.add(
              value.origin() + ": the file of " + setting.key() + " cannot be read: " + file);
        }
      }
    }
  }

  /**
   * What belongs together: targets with their options, rules, hooks, notifications, the schedule.
   */
  private void checkWhole(Settings settings) throws IOException {
    new NotifySettings(settings::of)
        .problems()
        .forEach(problem -> problems.add(problem.location() + ": " + problem.fact()));
    try {
      for (String location : session.options().targetLocations()) {
        session.open(location).close();
      }
      backup.check(settings);
      ScheduleRunCommand.check(session, settings);
    } catch (BackupException e) {
      e.throwIfCancelled();
      Failure failure = Failure.of(e);
      problems.add(
          (failure.location().isEmpty() ? "" : failure.location() + ": ") + failure.message());
    }
  }

  private Path file() {
    return SettingsFile.place(session.options());
  }

  private String text() {
    if (!problems.isEmpty()) {
      return String.join("\n", problems);
    }
    return Files.exists(file())
        ? "Nothing is wrong in " + file() + " and in the variables."
        : "There is no file " + file() + ". Nothing is wrong in the variables.";
  }

  private String json() {
    return Json.line(
        Map.of(
            "configCheck",
            Map.of("file", file().toString(), "ok", problems.isEmpty(), "problems", problems)));
  }
}
