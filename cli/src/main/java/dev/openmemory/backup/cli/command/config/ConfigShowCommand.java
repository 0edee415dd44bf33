package dev.openmemory.backup.cli.command.config;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.cli.output.ExitCodes;
import dev.openmemory.backup.cli.output.Table;
import dev.openmemory.backup.cli.settings.Session;
import dev.openmemory.backup.cli.settings.Setting;
import dev.openmemory.backup.cli.settings.Settings;
import dev.openmemory.backup.cli.settings.Settings.Value;
import dev.openmemory.backup.cli.settings.SettingsFile;
import dev.openmemory.backup.internal.json.Json;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/** {@code config show}. */
@Command(
    name = "show",
    description = {
      "Show each setting and where it comes from: the command line, a variable, the file.",
      "Secrets are shown as ***."
    })
final class ConfigShowCommand implements Callable<Integer> {
  private static final String HIDDEN = "***";
  private static final Pattern PASSWORD = Pattern.compile("(://[^/@:]*):[^/@]*@");

  private final Session session;
  private final Supplier<CommandLine> program;

  @Spec CommandSpec spec = CommandSpec.create();

  @Option(names = "--all", description = "Also show what is not set, with its default.")
  boolean all;

  /** A row of the result. */
  private record Row(String name, @Nullable String value, String from) {
    Map<String, @Nullable Object> document() {
      Map<String, @Nullable Object> document = new LinkedHashMap<>();
      document.put("name", name);
      document.put("value", value);
      document.put("from", from);
      return document;
    }
  }

  ConfigShowCommand(Session session, Supplier<CommandLine> program) {
    this.session = session;
    this.program = program;
  }

  @Override
  public Integer call() throws BackupException {
    Settings settings = session.currentSettings();
    List<Row> rows = new ArrayList<>();
    for (Setting setting : Setting.values()) {
      rows.add(row(setting, settings));
    }
    settings.ofTargets().forEach((name, value) -> rows.add(row(name, value)));
    settings
        .rules()
        .forEach(
            (target, rules) ->
                rules.forEach(
                    (rule, value) -> rows.add(row(rule.key() + " of " + shown(target), value))));
    rows.removeIf(row -> !all && row.from().equals("default"));
    session.terminal().result(session.options().json ? json(rows) : text(rows, file()));
    return ExitCodes.OK;
  }

  private Row row(Setting setting, Settings settings) {
    List<String> given = given(setting);
    if (!given.isEmpty()) {
      return row(setting.key(), new Value(String.join(", ", given), "command line"));
    }
    return settings
        .of(setting)
        .map(
            value ->
                setting.isSecret()
                    ? new Row(setting.key(), HIDDEN, value.origin())
                    : row(setting.key(), value))
        .orElseGet(() -> new Row(setting.key(), defaultOf(setting), "default"));
  }

  private static Row row(String name, Value value) {
    String text =
        value.text().lines().map(ConfigShowCommand::shown).collect(Collectors.joining(", "));
    return new Row(name, text, value.origin());
  }

  /** Such an address is refused by the targets, and must not be shown before that. */
  private static String shown(String value) {
    return PASSWORD.matcher(value).replaceAll("$1:" + HIDDEN + "@");
  }

  private List<String> given(Setting setting) {
    List<String> given = new ArrayList<>();
    for (ParseResult level = spec.root().commandLine().getParseResult();
        level != null;
        level = level.subcommand()) {
      if (level.hasMatchedOption(setting.option())) {
        given.addAll(level.matchedOption(setting.option()).stringValues());
      }
    }
    return given;
  }

  private @Nullable String defaultOf(Setting setting) {
    if (setting == Setting.TARGET) {
      return session.options().absoluteHome().resolve("backups").toString();
    }
    OptionSpec option = option(setting);
    Object value = option == null ? null : option.initialValue();
    if (value == null || Objects.equals(value, 0)) {
      return null;
    }
    if (value instanceof Collection<?> several) {
      return several.isEmpty() ? null : several.toString();
    }
    return value instanceof Enum<?> one ? one.name().toLowerCase(Locale.ROOT) : value.toString();
  }

  private @Nullable OptionSpec option(Setting setting) {
    ParseResult run = program.get().parseArgs("schedule", "run").subcommand().subcommand();
    return run.commandSpec().findOption(setting.option());
  }

  private String file() {
    return SettingsFile.place(session.options()).toString();
  }

  /** The path of the file is said once, since it makes lines long. */
  private static String text(List<Row> rows, String file) {
    if (rows.isEmpty()) {
      return "Nothing is set: all settings have their defaults.";
    }
    Table table = new Table();
    for (Row row : rows) {
      String from =
          row.from().startsWith(file) ? row.from().substring(file.length() + 1) : row.from();
      table.row(row.name(), Objects.requireNonNullElse(row.value(), "-"), from);
    }
    boolean named = rows.stream().anyMatch(row -> row.from().startsWith(file));
    List<String> lines = new ArrayList<>(table.lines(""));
    if (named) {
      lines.add(0, "Lines are of " + file);
    }
    return String.join("\n", lines);
  }

  private static String json(List<Row> rows) {
    return Json.line(Map.of("settings", rows.stream().map(Row::document).toList()));
  }
}
